import { requirePrograms, residentMegabytes } from "./machine.ts";
import { report, reportVoid, rounded, say } from "./report.ts";
import { openStage } from "./stage.ts";
import { load } from "./wrk.ts";

/** P14: the most memory the gateway process holds while calls come with 10⁵ different keys, all of which it then knows. */
requirePrograms("wrk", "nginx", "redis-server");
const keys = Number(process.env.KEYS ?? 100_000);
const limitSeconds = 90;
const stage = await openStage({ keys });
try {
  const gateway = await stage.startGateway((process.env.NODE_FLAGS ?? "").split(" ").filter(Boolean));
  const atStart = residentMegabytes(gateway.pid);
  let most = atStart;
  const watch = setInterval(() => {
    most = Math.max(most, residentMegabytes(gateway.pid));
  }, 200);
  const deadlineMs = performance.now() + limitSeconds * 1_000;
  let [requests, failures, perSecond] = [0, 0, 0];
  while (requests < keys * 2 && performance.now() < deadlineMs) {
    const firstKey = requests % keys;
    const found = await load(stage, { gateway, path: "/svc/items", seconds: 5, keys: keys - firstKey, firstKey });
    say(`${found.requests} requests, ${Math.round(most)} MB`);
    requests += found.requests;
    failures += found.failures;
    perSecond = found.requestsPerSecond;
  }
  clearInterval(watch);
  const detail = {
    keysUsed: Math.min(keys, requests),
    requests,
    atStart: rounded(atStart, 0),
    requestsPerSecond: perSecond,
  };
  const what = `gateway process memory under load with ${keys} keys: most`;
  const targets = { must: { atMost: 200 }, moonshot: { atMost: 120 } };
  report({ id: "P14", what, figure: rounded(most, 0), unit: "MB", ...targets, detail });
  if (failures > 0) reportVoid("P14", [`${failures} of ${requests} answers were failures.`]);
} finally {
  await stage.close();
}
