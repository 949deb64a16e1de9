import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
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

/** Calls every 20 ms until one is decided by Redis; that decision, and how long it took to get it. */
async function untilShared(): Promise<LimitsDecision & { tookMs: number }> {
  return timed(async () => {
    for (let tries = 0; tries < 1000; tries++) {
      const decision = await call();
      if (!decision.degraded) return decision;
      await sleep(20);
    }
    throw new Error("Redis is there and was not noticed.");
  });
}

/** Passes everything on to the server, its answers `delayMs` late; connections made before `cut` go silent, still open. */
async function startProxy(port: number) {
  const proxy = { delayMs: 0, url: "", cut: () => {}, close: () => {} };
  let generation = 0;
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    const born = generation;
    for (const socket of [client, upstream]) socket.on("error", () => undefined);
    client.on("data", (bytes) => born === generation && upstream.write(bytes)).on("close", () => upstream.destroy());
    upstream
      .on("data", (bytes) => setTimeout(() => client.write(bytes), proxy.delayMs))
      .on("close", () => client.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  proxy.url = `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
  proxy.cut = () => {
    generation += 1;
  };
  proxy.close = () => server.close();
  return proxy;
}

const logged = { warnings: 0, notes: 0 };
const logger = {
  warn: () => {
    logged.warnings += 1;
  },
  info: () => {
    logged.notes += 1;
  },
};
const rejections: unknown[] = [];
const onRejection = (reason: unknown) => rejections.push(reason);

beforeEach(async () => {
  process.on("unhandledRejection", onRejection);
  Object.assign(logged, { warnings: 0, notes: 0 });
  store = await openLimitStore({ redis, liveProcesses: () => 3, logger });
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
    expect(await untilShared()).toMatchObject({ admitted: true, binding: { limit: 900 } });
    await own.signal("SIGKILL");
    for (let at = 0; at < 10; at++) {
      const decision = await timed(call);
      expect(decision).toMatchObject({ admitted: true, degraded: true, binding: { limit: 300 } });
      expect(decision.tookMs).toBeLessThan(200);
    }
    await sleep(1200);
    await own.start();
    const back = await untilShared();
    expect(back.tookMs).toBeLessThan(5000);
    expect(back.binding?.used).toBe(1); // it came back empty
  });

  it("hangs: nobody waits after the first five, nothing piles up, late replies are not taken for answers", async () => {
    await untilShared();
    await own.signal("SIGSTOP");
    try {
      const first = await Promise.all(Array.from({ length: 50 }, () => timed(() => call("key_hang"))));
      for (const decision of first) expect(decision).toMatchObject({ admitted: true, degraded: true });
      expect(Math.max(...first.map(({ tookMs }) => tookMs))).toBeLessThan(500);
      const alone = await timed(() => call("key_hang"));
      expect(alone).toMatchObject({ degraded: true, binding: { used: 51 } });
      const later = [alone, await timed(call), await timed(call), await timed(call)];
      expect(Math.min(...later.map(({ tookMs }) => tookMs))).toBeLessThan(40);
      await sleep(2500); // the connection is given up meanwhile
      await call("key_hang");
    } finally {
      await own.signal("SIGCONT");
    }
    expect((await untilShared()).tookMs).toBeLessThan(5000);
    const subjects = Array.from({ length: 20 }, (_, at) => `key_after_${at}`);
    const after = await Promise.all(subjects.map((subject) => call(subject)));
    expect(after.map(({ binding }) => [binding?.subject, binding?.used])).toEqual(subjects.map((name) => [name, 1]));
  });

  it("becomes slow: the breaker opens once and stays open, and the slowness reaches nobody", async () => {
    const proxy = await startProxy(own.port);
    const far = new Redis(proxy.url, { lazyConnect: true });
    await store.close();
    store = await openLimitStore({ redis: far, liveProcesses: () => 3, logger });
    await untilShared();
    proxy.delayMs = 1_000; // far beyond its patience, even on a machine whose timers come late
    for (let at = 0; at < 5; at++) await call("key_slow");
    let waited = 0;
    for (let at = 0; at < 100; at++) {
      const decision = await timed(() => call("key_slow"));
      expect(decision).toMatchObject({ admitted: true, degraded: true });
      waited += Number(decision.tookMs > 40);
      await sleep(25);
    }
    expect(waited).toBeLessThan(10);
    expect(logged).toEqual({ warnings: 1, notes: 0 });
    proxy.delayMs = 0;
    expect((await untilShared()).tookMs).toBeLessThan(5000);
    proxy.close();
  });

  it("vanishes without a word: the dead connection is given up for a new one", async () => {
    const proxy = await startProxy(own.port);
    await store.close();
    store = await openLimitStore({
      redis: new Redis(proxy.url, { lazyConnect: true }),
      liveProcesses: () => 3,
      logger,
    });
    await untilShared();
    proxy.cut();
    for (let at = 0; at < 5; at++) expect((await call()).degraded).toBe(true);
    expect((await untilShared()).tookMs).toBeLessThan(5000);
    proxy.close();
  });

  it("refuses writes: it counts as gone, and no probe is deceived by its answering", async () => {
    await untilShared();
    const admin = new Redis(own.url);
    await admin.config("SET", "maxmemory", "1");
    for (let at = 0; at < 6; at++) expect(await call("key_full")).toMatchObject({ admitted: true, degraded: true });
    await sleep(1100);
    await call("key_full");
    await sleep(60);
    expect((await call("key_full")).degraded).toBe(true);
    expect(logged).toEqual({ warnings: 1, notes: 0 });
    await admin.config("SET", "maxmemory", "0");
    expect((await untilShared()).tookMs).toBeLessThan(5000);
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
