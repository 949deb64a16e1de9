import { requirePrograms } from "./machine.ts";
import { type OpenLoopResult, openLoop } from "./open-loop.ts";
import { median, percentile, report, reportVoid, roundCount, rounded, say } from "./report.ts";
import { openStage } from "./stage.ts";
import { warmLoad } from "./wrk.ts";

/** P3: what the gateway adds to the 99th percentile of the upstream's latency, at half of the load that saturates it. */
requirePrograms("wrk", "nginx", "redis-server");
const seconds = Number(process.env.SECS ?? 8);
const keys = 4_096;
const stage = await openStage();
try {
  const gateway = await stage.startGateway();
  const saturated = await warmLoad(stage, { gateway, path: "/svc/items", seconds: 5, keys });
  const requestsPerSecond = Math.floor(saturated.requestsPerSecond / 2);
  say(`Half load is ${requestsPerSecond} requests a second.`);
  const common = { path: "/svc/items", requestsPerSecond, seconds };
  const secrets = stage.secrets.slice(0, keys);
  const rounds: { direct: OpenLoopResult; through: OpenLoopResult }[] = [];
  for (let round = 0; round < roundCount; round++) {
    rounds.push({
      direct: await openLoop({ ...common, port: stage.upstream.port, secrets: [] }),
      through: await openLoop({ ...common, port: gateway.port, secrets }),
    });
  }
  const failures = rounds.reduce((sum, { direct, through }) => sum + direct.failures + through.failures, 0);
  const added = (percent: number) => {
    const addedUs = rounds.map(
      ({ direct, through }) => percentile(through.latenciesUs, percent) - percentile(direct.latenciesUs, percent),
    );
    return rounded(median(addedUs) / 1_000, 3);
  };
  const p99Us = (of: "direct" | "through") =>
    Math.round(median(rounds.map((round) => percentile(round[of].latenciesUs, 99))));
  report({
    ...{ id: "P3", what: "added p99 over the direct upstream at half load, open loop", figure: added(99), unit: "ms" },
    ...{ must: { atMost: 2 }, moonshot: { atMost: 0.5 } },
    detail: { requestsPerSecond, addedP50Ms: added(50), p99Us: { direct: p99Us("direct"), through: p99Us("through") } },
  });
  if (failures > 0) reportVoid("P3", [`${failures} requests were not answered with 200.`]);
} finally {
  await stage.close();
}
