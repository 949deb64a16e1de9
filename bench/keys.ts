import { checkApiKey } from "#lib/keys/verify-api-key";
import { readEnv } from "#lib/platform/env";
import { composeProcess } from "../compose.ts";
import { Caller } from "./call.ts";
import { fillKeys } from "./fill-stage.ts";
import { requirePrograms } from "./machine.ts";
import { percentile, report, reportVoid, rounded, say } from "./report.ts";
import { openStage } from "./stage.ts";

/**
 * P5: verification of a key this process knows, and of one it has to look up among 10⁶: alone, and what the look-up adds to a
 * call through the gateway.
 */
requirePrograms("nginx", "redis-server");
const total = Number(process.env.KEYS ?? 1_000_000);
const [known, looked, called] = [4_096, 2_000, 500];
const stage = await openStage({ keys: known + looked + called });
try {
  await fillKeys(stage.pool, stage.ids, total);
  say(`${total} keys are there.`);
  const wrong = [...(await measureAlone()), ...(await measureCalls())];
  if (wrong.length > 0) reportVoid("P5", wrong);
} finally {
  await stage.close();
}

async function measureAlone(): Promise<string[]> {
  const composed = await composeProcess(readEnv(stage.variables));
  try {
    const secrets = stage.secrets.slice(0, known);
    await Promise.all(secrets.map((secret) => checkApiKey(secret, "127.0.0.1", new Date())));
    const hitUs: number[] = [];
    let waited = 0;
    for (let block = 0; block < 200; block++) {
      const now = new Date();
      const startedMs = performance.now();
      for (let at = 0; at < 1_000; at++) {
        const verdict = checkApiKey(secrets[(block * 1_000 + at) % known] ?? "", "127.0.0.1", now);
        if (verdict instanceof Promise) waited += 1;
      }
      hitUs.push(performance.now() - startedMs); // of a thousand: milliseconds are microseconds of one
      await new Promise((resolve) => setImmediate(resolve)); // the change feed is to be heard
    }
    const missMs: number[] = [];
    for (const secret of stage.secrets.slice(known, known + looked)) {
      const startedMs = performance.now();
      await checkApiKey(secret, "127.0.0.1", new Date());
      missMs.push(performance.now() - startedMs);
    }
    reportHit(hitUs);
    reportMiss("verification of a key that must be looked up among 10⁶: median", missMs);
    return waited > 0 ? [`${waited} of the known keys were not known.`] : [];
  } finally {
    await composed.close();
  }
}

function reportHit(hitUs: readonly number[]): void {
  const detail = { p99Us: rounded(percentile(hitUs, 99)) };
  const targets = { must: { atMost: 20 }, moonshot: { atMost: 5 } };
  const what = "verification of a known key, 10⁶ keys: median";
  report({ id: "P5", what, figure: rounded(percentile(hitUs, 50)), unit: "µs", ...targets, detail });
}

function reportMiss(what: string, missMs: readonly number[], detail: object = {}): void {
  const figure = rounded(percentile(missMs, 50), 3);
  const targets = { must: { atMost: 3 }, moonshot: { atMost: 1 } };
  report({
    id: "P5",
    what,
    figure,
    unit: "ms",
    ...targets,
    detail: { p99Ms: rounded(percentile(missMs, 99), 3), ...detail },
  });
}

async function measureCalls(): Promise<string[]> {
  const gateway = await stage.startGateway();
  const caller = new Caller(gateway.port);
  const [firstMs, secondMs]: [number[], number[]] = [[], []];
  let failures = 0;
  const timed = async (key: string, into: number[]) => {
    const startedMs = performance.now();
    if ((await caller.call("/svc/items", { key })).status !== 200) failures += 1;
    into.push(performance.now() - startedMs);
  };
  for (const secret of stage.secrets.slice(0, 200)) await timed(secret, []);
  for (const secret of stage.secrets.slice(known + looked)) {
    await timed(secret, firstMs);
    await timed(secret, secondMs);
  }
  caller.close();
  await gateway.stop();
  const addedMs = firstMs.map((first, at) => first - (secondMs[at] ?? 0));
  const detail = {
    firstCallMs: rounded(percentile(firstMs, 50), 3),
    secondCallMs: rounded(percentile(secondMs, 50), 3),
  };
  reportMiss("what looking up a key adds to its first call through the gateway: median", addedMs, detail);
  return failures > 0 ? [`${failures} calls were refused.`] : [];
}
