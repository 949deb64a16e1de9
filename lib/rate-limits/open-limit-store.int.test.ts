import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { consumeLimits, type LimitsDecision } from "#lib/rate-limits/consume-limits";
import { slidingWindow } from "#lib/rate-limits/limit";
import type { LimitStore } from "#lib/rate-limits/limit-store";
import { openLimitStore } from "#lib/rate-limits/open-limit-store";
import { OwnRedis } from "#lib/rate-limits/own-redis";

const own = await OwnRedis.start();
const redis = new Redis(own.url, { lazyConnect: true });
redis.on("error", () => undefined);
let store: LimitStore;

const limit = slidingWindow(900, 3600);
const call = (subject = "key_1") => consumeLimits(store, "tn_1", [{ limit, subject }]);

async function timed(work: () => Promise<LimitsDecision>): Promise<LimitsDecision & { tookMs: number }> {
  const startedAt = performance.now();
  const decision = await work();
  return { ...decision, tookMs: performance.now() - startedAt };
}

/** Calls every 20 ms until one is decided by Redis again; how long that took. */
async function untilShared(): Promise<number> {
  const startedAt = performance.now();
  while ((await call()).degraded) {
    if (performance.now() - startedAt > 20_000) throw new Error("Redis is back and was not noticed.");
    await sleep(20);
  }
  return performance.now() - startedAt;
}

const rejections: unknown[] = [];
const onRejection = (reason: unknown) => rejections.push(reason);

beforeEach(async () => {
  process.on("unhandledRejection", onRejection);
  store = await openLimitStore({ redis, liveProcesses: () => 3 });
});
afterEach(async () => {
  await store.close();
  process.off("unhandledRejection", onRejection);
  expect(rejections).toEqual([]);
});
afterAll(async () => {
  redis.disconnect();
  await own.remove();
});

describe("a limiter whose Redis goes away", () => {
  it("is killed: decides alone at once, and shares again within five seconds of its return", async () => {
    expect(await call()).toMatchObject({ admitted: true, degraded: false, binding: { limit: 900 } });
    await own.signal("SIGKILL");
    for (let at = 0; at < 10; at++) {
      const decision = await timed(call);
      expect(decision).toMatchObject({ admitted: true, degraded: true, binding: { limit: 300 } });
      expect(decision.tookMs).toBeLessThan(200);
    }
    await sleep(1200);
    await own.start();
    expect(await untilShared()).toBeLessThan(5000);
    expect((await call()).binding?.used).toBeLessThanOrEqual(2); // it came back empty
  });

  it("hangs: nobody waits after the first five, nothing piles up, late replies are not taken for answers", async () => {
    await call("key_hang");
    await own.signal("SIGSTOP");
    try {
      const first = await Promise.all(Array.from({ length: 50 }, () => timed(() => call("key_hang"))));
      for (const decision of first) expect(decision).toMatchObject({ admitted: true, degraded: true });
      expect(Math.max(...first.map(({ tookMs }) => tookMs))).toBeLessThan(500);
      const alone = await timed(() => call("key_hang"));
      expect(alone).toMatchObject({ degraded: true, binding: { used: 51 } });
      expect(alone.tookMs).toBeLessThan(40);
      await sleep(2500); // the connection is given up meanwhile
      await call("key_hang");
    } finally {
      await own.signal("SIGCONT");
    }
    expect(await untilShared()).toBeLessThan(5000);
    const subjects = Array.from({ length: 20 }, (_, at) => `key_after_${at}`);
    const after = await Promise.all(subjects.map((subject) => call(subject)));
    expect(after.map(({ binding }) => [binding?.subject, binding?.used])).toEqual(subjects.map((name) => [name, 1]));
  });

  it("refuses writes: it counts as gone, and no probe is deceived by its answering", async () => {
    const admin = new Redis(own.url);
    await admin.set("filler", "x".repeat(1024));
    await admin.config("SET", "maxmemory", "1");
    for (let at = 0; at < 6; at++) expect(await call("key_full")).toMatchObject({ admitted: true, degraded: true });
    await sleep(1100);
    await call("key_full");
    await sleep(60);
    expect((await call("key_full")).degraded).toBe(true);
    await admin.config("SET", "maxmemory", "0");
    expect(await untilShared()).toBeLessThan(5000);
    admin.disconnect();
  });
});

describe("opening the limiter", () => {
  it("refuses a Redis that may evict counters", async () => {
    const admin = new Redis(own.url);
    await admin.config("SET", "maxmemory-policy", "allkeys-lru");
    await expect(openLimitStore({ redis, liveProcesses: () => 1 })).rejects.toThrow("noeviction");
    await admin.config("SET", "maxmemory-policy", "noeviction");
    admin.disconnect();
  });

  it("starts without Redis answering, and without any Redis", async () => {
    const nobody = new Redis("redis://127.0.0.1:1", { lazyConnect: true });
    for (const absent of [nobody, undefined]) {
      const alone = await openLimitStore({ redis: absent, liveProcesses: () => 1 });
      const decision = await consumeLimits(alone, "tn_1", [{ limit, subject: "key_1" }]);
      expect(decision).toMatchObject({ admitted: true, degraded: absent !== undefined });
      await alone.close();
    }
  });
});
