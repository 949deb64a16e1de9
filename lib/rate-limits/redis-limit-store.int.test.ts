import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import fc from "fast-check";
import { Redis } from "ioredis";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { consumeLimits } from "#lib/rate-limits/consume-limits";
import { countersOf } from "#lib/rate-limits/counter";
import { type Limit, normalizeLimit, slidingWindow } from "#lib/rate-limits/limit";
import { describeLimitStore } from "#lib/rate-limits/limit-store-conformance";
import { anyLimit } from "#lib/rate-limits/limit-store-properties";
import { MemoryLimitStore } from "#lib/rate-limits/memory-limit-store";
import { OwnRedis } from "#lib/rate-limits/own-redis";
import { RedisLimitStore } from "#lib/rate-limits/redis-limit-store";

const noonMs = Date.UTC(2030, 0, 1, 12);
const own = await OwnRedis.start();
const redis = new Redis(own.url, { enableAutoPipelining: true });
const patient = { timeoutMs: 10_000 };
const store = new RedisLimitStore(redis, patient);

afterAll(async () => {
  await store.close();
  await own.remove();
});

const everyKind: readonly Limit[] = [
  slidingWindow(5, 60),
  slidingWindow(2000, 3600),
  normalizeLimit({ algorithm: "fixed_window", limit: 5, windowSeconds: 60 }),
  normalizeLimit({ algorithm: "token_bucket", limit: 5, windowSeconds: 60 }),
  { ...slidingWindow(50, 86_400), burst: 10 },
];
const callAll = () =>
  consumeLimits(
    store,
    "tn_1",
    everyKind.map((limit) => ({ limit, subject: "key_1" })),
  );

describeLimitStore("Redis", {
  open: (clock) => new RedisLimitStore(redis, { ...patient, clock }),
  histories: 60,
});

describe("the script and the memory store", () => {
  it("answer the same to everything, clocks that run back included", async () => {
    const steps = fc.array(
      fc.record({
        waitMs: fc.oneof(fc.integer({ min: 0, max: 30_000 }), fc.constantFrom(0, 1, 1000, -1, -4000, -7_200_000)),
        cost: fc.constantFrom(1, 1, 3, 400),
        mode: fc.constantFrom("take", "take", "take", "peek"),
      }),
      { minLength: 5, maxLength: 30 },
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(anyLimit, fc.boolean()), { minLength: 1, maxLength: 5 }),
        steps,
        async (limits, calls) => {
          run += 1;
          let nowMs = noonMs;
          const twins = [
            new RedisLimitStore(redis, { ...patient, clock: () => nowMs }),
            new MemoryLimitStore({ clock: () => nowMs, slackMs: 1e12 }),
          ] as const;
          const counters = limits.flatMap(([limit, isShadow], index) =>
            countersOf("tn_twin", { limit, isShadow, subject: `${run}_${index}` }),
          );
          for (const { waitMs, cost, mode } of calls) {
            nowMs += waitMs;
            const [shared, local] = await Promise.all(twins.map((twin) => twin.evaluate({ counters, cost, mode })));
            expect(shared).toEqual(local);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("what the script leaves in Redis", () => {
  beforeEach(() => redis.flushall());

  it("every key ends by itself, soon after its window, and all keys of a tenant share a slot", async () => {
    await callAll();
    const keys = await redis.keys("*");
    expect(keys).toHaveLength(6);
    for (const key of keys) {
      expect(key).toMatch(/^rl:\{tn_1\}:/);
      const ttlMs = await redis.pttl(key);
      expect(ttlMs).toBeGreaterThan(0);
      expect(ttlMs).toBeLessThanOrEqual(86_400_000 + 62_000);
    }
  });

  it("a look and a refusal leave no key behind", async () => {
    const limits = everyKind.flatMap((limit) => countersOf("tn_1", { limit, subject: "key_1" }));
    await store.evaluate({ counters: limits, cost: 1, mode: "peek" });
    await store.evaluate({ counters: limits, cost: 6, mode: "take" });
    expect(await redis.dbsize()).toBe(0);
  });

  it("a counter never grows beyond its window, however long it is in use", async () => {
    let nowMs = noonMs;
    const lasting = new RedisLimitStore(redis, { ...patient, clock: () => nowMs });
    const checks = [slidingWindow(5, 60), slidingWindow(5000, 60, "wide")].map((limit) => ({
      limit,
      subject: "key_1",
    }));
    for (let at = 0; at < 200; at++) {
      nowMs += 15_000;
      expect((await consumeLimits(lasting, "tn_1", checks)).admitted).toBe(true);
    }
    const keys = (await redis.keys("*")).sort();
    expect(await redis.llen(keys[0] ?? "")).toBe(4);
    expect(await redis.hlen(keys[1] ?? "")).toBeLessThanOrEqual(3 + 5);
  });

  it("garbage and foreign types under our keys are overwritten", async () => {
    await callAll();
    for (const key of await redis.keys("*")) {
      for (const spoil of [
        () => redis.set(key, "garbage"),
        () => redis.set(key, "99999999999999999999 x"),
        () => redis.rpush(key, "garbage", "more"),
        () => redis.hset(key, { t: "garbage", o: "-1", l: "x" }),
        () => redis.hset(key, { t: "5", o: "1", l: String(Date.now()) }),
        () => redis.sadd(key, "1"),
      ]) {
        await redis.del(key);
        await spoil();
        expect((await callAll()).admitted).toBe(true);
        await redis.del(...(await redis.keys("*")));
      }
    }
  });

  it("SCRIPT FLUSH costs nothing but one EVAL, FLUSHALL restarts the counters", async () => {
    const check = { limit: slidingWindow(3, 60), subject: "key_1" };
    const call = () => consumeLimits(store, "tn_1", [check]);
    await call();
    await redis.script("FLUSH");
    const decisions = await Promise.all([call(), call(), call(), call()]);
    expect(decisions.filter((decision) => decision.admitted)).toHaveLength(2);
    await redis.flushall();
    expect((await call()).binding?.used).toBe(1);
  });

  it("counts by the clock of Redis, not by the process's", async () => {
    const limit = normalizeLimit({ algorithm: "fixed_window", limit: 5, windowSeconds: 86_400, alignedTo: "00:00" });
    const checks = [limit, slidingWindow(900, 60)].map((each) => ({ limit: each, subject: "key_1" }));
    const [seconds] = await redis.time();
    const { states } = await consumeLimits(store, "tn_1", checks);
    expect(states[0]?.resetAtSeconds).toBe((Math.floor(Number(seconds) / 86_400) + 1) * 86_400);
    expect(states[1]?.resetAtSeconds).toBeGreaterThanOrEqual(Number(seconds) + 60);
    expect(states[1]?.resetAtSeconds).toBeLessThanOrEqual(Number(seconds) + 62);
  });

  it("a call that waits exactly Retry-After in real time gets in", async () => {
    const checks = [
      { limit: slidingWindow(1, 1), subject: "key_1" },
      { limit: normalizeLimit({ algorithm: "token_bucket", burst: 1, refillPerSecond: 1 }), subject: "key_1" },
    ];
    const call = () => consumeLimits(store, "tn_1", checks);
    await call();
    for (let at = 0; at < 2; at++) {
      const refused = await call();
      expect(refused).toMatchObject({ admitted: false, retryAfterSeconds: 1 });
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expect((await call()).admitted).toBe(true);
    }
  });
});

describe("two processes sharing Redis", () => {
  beforeEach(() => redis.flushall());

  it.each([
    ["sliding window", slidingWindow(100, 86_400), 1, 100],
    ["sliding window in slices", slidingWindow(2000, 86_400), 10, 200],
    ["fixed window", normalizeLimit({ algorithm: "fixed_window", limit: 100, windowSeconds: 30 * 86_400 }), 1, 100],
    ["token bucket", normalizeLimit({ algorithm: "token_bucket", limit: 100, windowSeconds: 10 * 86_400 }), 1, 100],
  ])("admit exactly the limit of 600 concurrent calls: %s", async (_, limit, cost, expected) => {
    const callers = await Promise.all([300, 300].map((calls) => startCaller({ url: own.url, limit, calls, cost })));
    const admitted = await Promise.all(callers.map((caller) => caller.go()));
    expect(admitted.reduce((sum, count) => sum + count, 0)).toBe(expected);
  });
});

/** Another process that will make its calls at `go` and resolve with how many were admitted. */
async function startCaller(order: object): Promise<{ go: () => Promise<number> }> {
  const program = new URL("./redis-limit-store.caller.ts", import.meta.url).pathname;
  const child = spawn("node_modules/.bin/node", [program, JSON.stringify(order)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout);
  await once(lines, "line");
  return {
    go: async () => {
      const answer = once(lines, "line");
      child.stdin.write("go\n");
      const [count] = await answer;
      return Number(count);
    },
  };
}
