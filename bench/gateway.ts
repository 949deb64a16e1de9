import { Redis } from "ioredis";
import { decisions } from "#lib/usage/decision-codes";
import { withCallers } from "./call.ts";
import { checkExactness, type Exactness } from "./check-exactness.ts";
import { requirePrograms } from "./machine.ts";
import { comparePeers, type PeerPoint, peersFolder } from "./peers.ts";
import { median, report, reportVoid, roundCount, rounded, say } from "./report.ts";
import { type GatewayProcess, openStage } from "./stage.ts";
import { type Load, load, warmLoad } from "./wrk.ts";

/**
 * P1: CPU of the gateway for each request with all policies on, beside its peers. P2: throughput with all policies on ÷ with none.
 * P4: Redis commands for each request. Void unless everything was counted, limited, revoked and passed on exactly meanwhile.
 */
requirePrograms("wrk", "nginx", "redis-server");
const seconds = Number(process.env.SECS ?? 6);
const busy = ({ requestsPerSecond, cpuUs }: Load) => (requestsPerSecond * cpuUs) / 1e6;
const scriptedCalls = 3_200;
const stage = await openStage();
try {
  const gateway = await stage.startGateway();
  await load(stage, { gateway, path: "/svc/items", seconds: seconds * 2, keys: stage.secrets.length }); // peers read their keys as they start
  const wrong = await measurePeers(gateway);
  wrong.push(...(await measureRetention(gateway)));
  await measureScripts(gateway);
  await gateway.stop(); // so that all of its usage is in PostgreSQL
  wrong.push(...(await checkRows()));
  const exactness = await checkUnderLoad();
  wrong.push(...exactness.wrong);
  if (wrong.length > 0) reportVoid("P1 P2 P4", wrong);
} finally {
  await stage.close();
}

async function measurePeers(gateway: GatewayProcess): Promise<string[]> {
  const folder = peersFolder();
  if (!folder) {
    say("P1 is left out: PEERS_DIR names no folder with compare.sh.");
    return [];
  }
  const peers = (process.env.PEERS ?? "nginx-lua node-undici-g1 fastify-g1").split(" ");
  const rounds = await comparePeers(folder, stage, gateway, peers, roundCount);
  const cpu = (points: readonly PeerPoint[], name: string) => points.find((point) => point.name === name)?.cpuUs;
  const ratio = (name: string) =>
    median(rounds.map((points) => (cpu(points, "subject") ?? 0) / (cpu(points, name) || 0)));
  const cpuUs = Object.fromEntries(
    ["subject", ...peers].map((name) => [name, median(rounds.map((points) => cpu(points, name) ?? Number.NaN))]),
  );
  const targets = {
    "fastify-g1": [{ atMost: 0.7 }, { atMost: 0.7 }],
    "node-undici-g1": [{ atMost: 1.3 }, { atMost: 1.3 }],
    "nginx-lua": [{}, { atMost: 1 }],
  } as const;
  for (const [name, [must, moonshot]] of Object.entries(targets)) {
    if (!peers.includes(name)) continue;
    const what = `gateway, all policies: CPU µs per request ÷ ${name}`;
    report({ id: "P1", what, figure: rounded(ratio(name)), unit: "×", must, moonshot, detail: { cpuUs } });
  }
  return rounds
    .flat()
    .filter(({ failures, requests }) => failures > 0 || requests === 0)
    .map(({ name, failures, requests }) => `${name}: ${failures} of ${requests} answers were failures.`);
}

async function measureRetention(gateway: GatewayProcess): Promise<string[]> {
  const rounds: { all: Load; none: Load }[] = [];
  for (let round = 0; round < roundCount; round++) {
    rounds.push({
      all: await warmLoad(stage, { gateway, path: "/svc/items", seconds }),
      none: await warmLoad(stage, { gateway, path: "/plain/items", seconds }),
    });
  }
  const of = (pick: (round: { all: Load; none: Load }) => number, digits = 0) =>
    rounded(median(rounds.map(pick)), digits);
  report({
    ...{ id: "P2", what: "throughput, all policies ÷ proxy only", unit: "×" },
    figure: of(({ all, none }) => all.requestsPerSecond / none.requestsPerSecond, 3),
    ...{ must: { atLeast: 0.75 }, moonshot: { atLeast: 0.85 } },
    detail: {
      requestsPerSecond: { all: of((r) => r.all.requestsPerSecond), none: of((r) => r.none.requestsPerSecond) },
      cpuUs: { all: of((r) => r.all.cpuUs, 1), none: of((r) => r.none.cpuUs, 1) },
      cpuRatio: of((r) => r.none.cpuUs / r.all.cpuUs, 3),
      // Below 1 it was not the gateway that was saturated: then the ratio of CPU says more.
      gatewayBusy: { all: of((r) => busy(r.all), 2), none: of((r) => busy(r.none), 2) },
      p99Us: { all: of((r) => r.all.p99Us), none: of((r) => r.none.p99Us) },
    },
  });
  return rounds
    .flatMap(({ all, none }) => [all, none])
    .filter(({ failures }) => failures > 0)
    .map(({ failures, requests }) => `${failures} of ${requests} answers were failures.`);
}

/** Callers that all stay for their answers: wrk's leave at the end, with decisions that no call is left for. */
async function measureScripts(gateway: GatewayProcess): Promise<void> {
  const redis = new Redis(stage.redisUrl);
  const ran = async () => {
    const stats = await redis.info("commandstats");
    const callsOf = (name: string) => new RegExp(`^cmdstat_${name}:calls=(\\d+)`, "m").exec(stats)?.[1];
    return Number(callsOf("eval") ?? 0) + Number(callsOf("evalsha") ?? 0);
  };
  const before = await ran();
  await withCallers([gateway.port], 32, async (caller, number) => {
    const key = stage.secrets[number % 8] ?? "";
    for (let call = 0; call < scriptedCalls / 32; call++) await caller.call("/svc/items", { key });
  });
  const scripts = (await ran()) - before;
  redis.disconnect();
  const what = "limit decision: Redis scripts per request, 8 hot keys";
  const targets = { must: { atMost: 1 }, moonshot: { atMost: 0.05 } };
  report({ id: "P4", what, figure: rounded(scripts / scriptedCalls, 3), unit: "", ...targets });
}

/**
 * wrk leaves with requests under way, which end with status 499 (without a row each where nobody knows the caller): what was answered
 * reached the upstream, and what reached it is recorded.
 */
async function checkRows(): Promise<string[]> {
  const { rows: counts } = await stage.pool.query<{ rows: string; answered: string; alone: string }>(
    `SELECT count(*) AS rows, count(*) FILTER (WHERE status = 200) AS answered, count(*) FILTER (WHERE $1 = ANY(trace)) AS alone
     FROM usage_events`,
    [decisions.limits_passed_degraded.code],
  );
  const { rows: sums } = await stage.pool.query<{ period: string; requests: string; unrecorded: string }>(
    "SELECT period, sum(requests) AS requests, sum(unrecorded) AS unrecorded FROM usage_sums GROUP BY period",
  );
  const [rows, answered] = [Number(counts[0]?.rows), Number(counts[0]?.answered)];
  const hits = await stage.upstream.hits();
  const wrong = sums
    .filter(({ requests, unrecorded }) => Number(requests) !== rows + Number(unrecorded))
    .map(({ period, ...sum }) => `${rows} rows, but the sums of each ${period} say ${JSON.stringify(sum)}.`);
  const alone = Number(counts[0]?.alone);
  if (alone > 0) wrong.push(`${alone} of ${rows} calls were decided without Redis, which did not answer in time.`);
  const known = Number(sums[0]?.requests);
  if (answered > hits || hits > known)
    wrong.push(`${answered} calls were answered, ${hits} reached the upstream, ${known} are recorded.`);
  return wrong;
}

async function checkUnderLoad(): Promise<Exactness> {
  const gateways = [await stage.startGateway(), await stage.startGateway()] as const;
  const loading = load(stage, { gateway: gateways[0], path: "/svc/items", seconds: 15, connections: 32, keys: 1_000 });
  const exactness = await checkExactness(stage, gateways);
  await loading;
  say(JSON.stringify(exactness.found));
  const admitted = exactness.found.admittedOfLimit137 ?? Number.NaN;
  const what = "limit of 137 over two processes under load: calls admitted beyond it";
  const none = { atMost: 0, atLeast: 0 };
  report({ id: "P4", what, figure: admitted - 137, unit: "", must: none, moonshot: none, detail: exactness.found });
  return exactness;
}
