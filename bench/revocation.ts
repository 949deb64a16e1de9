import { Caller } from "./call.ts";
import { requirePrograms } from "./machine.ts";
import { median, percentile, report, reportVoid, rounded } from "./report.ts";
import { openStage } from "./stage.ts";
import { load } from "./wrk.ts";

/**
 * P6: from just before the commit that revokes a key to the first refusal, in each of two gateway processes, one of which is
 * under load. The commit is the one of the management API: the row, and the notice that goes with the transaction.
 */
requirePrograms("nginx", "redis-server", "wrk");
const samples = Number(process.env.SAMPLES ?? 200);
const stage = await openStage({ keys: samples + 1_000 });
try {
  const gateways = [await stage.startGateway(), await stage.startGateway()] as const;
  const seconds = Math.ceil(samples / 20) + 5;
  const loading = load(stage, { gateway: gateways[0], path: "/svc/items", seconds, connections: 8, firstKey: samples });
  const callers = gateways.map(({ port }) => new Caller(port));
  const delays: number[] = [];
  let unrevoked = 0;
  for (let sample = 0; sample < samples; sample++) {
    const [key, id] = [stage.secrets[sample] ?? "", stage.keyIds[sample] ?? ""];
    for (const caller of callers) if ((await caller.call("/svc/items", { key })).status !== 200) unrevoked += 1;
    const begunMs = performance.now();
    const refusals = callers.map((caller) => untilRefused(caller, key, begunMs));
    await revoke(id);
    const found = await Promise.all(refusals);
    delays.push(Math.max(...found));
  }
  for (const caller of callers) caller.close();
  await loading;
  const what = `revoked key refused by every process, ${samples} samples`;
  const slowest = Math.max(...delays);
  const detail = { medianMs: rounded(median(delays), 1), p99Ms: rounded(percentile(delays, 99), 1), processes: 2 };
  const targets = { must: { atMost: 1_000 }, moonshot: { atMost: 100 } };
  report({ id: "P6", what: `${what}: slowest`, figure: rounded(slowest, 1), unit: "ms", ...targets, detail });
  if (unrevoked > 0) reportVoid("P6", [`${unrevoked} keys were not good before they were revoked.`]);
} finally {
  await stage.close();
}

async function untilRefused(caller: Caller, key: string, begunMs: number): Promise<number> {
  while ((await caller.call("/svc/items", { key })).status === 200);
  return performance.now() - begunMs;
}

async function revoke(id: string): Promise<void> {
  const client = await stage.pool.connect();
  await client.query("BEGIN");
  await client.query("UPDATE api_keys SET status = 'revoked', revoked_at = now() WHERE id = $1", [id]);
  await client.query("SELECT pg_notify('portico', $1)", [JSON.stringify({ kind: "key", id })]);
  await client.query("COMMIT");
  client.release();
}
