import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { consumeLimits, peekLimits, resetLimits } from "#lib/rate-limits/consume-limits";
import { type Counter, countersOf, type LimitCheck } from "#lib/rate-limits/counter";
import { type Limit, normalizeLimit, slidingWindow } from "#lib/rate-limits/limit";
import { LimitOracle } from "#lib/rate-limits/limit-oracle";
import type { CounterReading, LimitStore } from "#lib/rate-limits/limit-store";

/** Noon of a day, so that short windows of the examples begin on it. */
export const noonMs = Date.UTC(2030, 0, 1, 12);
const dayMs = 86_400_000;

export interface ConformanceSubject {
  /** A store that reads `clock`. Counters of earlier tests may still be in it. */
  readonly open: (clock: () => number) => LimitStore;
  /** How many random histories to play. */
  readonly histories: number;
}

const fixedWindow = (limit: number, windowSeconds: number) =>
  normalizeLimit({ algorithm: "fixed_window", limit, windowSeconds });
const bucket = (limit: number, windowSeconds: number, burst?: number) =>
  normalizeLimit({ algorithm: "token_bucket", limit, windowSeconds, burst });

/** Every store of limits passes this. */
export function describeLimitStore(name: string, subject: ConformanceSubject): void {
  const time = { nowMs: noonMs };
  const store = subject.open(() => time.nowMs);
  let calls = 0;
  let someone = "";

  beforeEach(() => {
    time.nowMs = noonMs;
    someone = freshSubject();
  });

  const freshSubject = () => `key_${process.pid}_${calls++}`;
  const check = (limit: Limit): LimitCheck => ({ limit, subject: someone });
  const call = (...limits: Limit[]) => consumeLimits(store, "tn_1", limits.map(check));
  const admittedOf = async (times: number, ...limits: Limit[]) => {
    let admitted = 0;
    for (let at = 0; at < times; at++) admitted += Number((await call(...limits)).admitted);
    return admitted;
  };

  describe(`${name}: examples`, () => {
    it.each([
      ["sliding window", slidingWindow(5, 60), 5],
      ["sliding window counted in slices", slidingWindow(1200, 60), 1200],
      ["fixed window", fixedWindow(5, 60), 5],
      ["token bucket", bucket(5, 60), 5],
      ["token bucket larger than its refill", bucket(5, 60, 8), 8],
      ["burst on a window", { ...slidingWindow(50, 60), burst: 5 }, 5],
    ])("admits exactly its number at once: %s", async (_, limit, number) => {
      expect(await admittedOf(number + 5, limit)).toBe(number);
    });

    it("admits concurrent calls one after the other", async () => {
      const limit = slidingWindow(10, 60);
      const decisions = await Promise.all(Array.from({ length: 50 }, () => call(limit)));
      const admitted = decisions.filter((decision) => decision.admitted);
      expect(admitted).toHaveLength(10);
      expect(new Set(admitted.map((decision) => decision.binding?.remaining)).size).toBe(10);
    });

    it("tells the truth about a sliding window", async () => {
      const limit = slidingWindow(2, 60);
      const at = noonMs / 1000;
      expect((await call(limit)).binding).toMatchObject({ limit: 2, used: 1, remaining: 1, resetAtSeconds: at + 60 });
      time.nowMs += 10_000;
      // Empty: the reset is when one more is admitted, not when all are.
      expect((await call(limit)).binding).toMatchObject({ remaining: 0, resetAtSeconds: at + 60, resetAfterSeconds: 50 });
      const refused = await call(limit);
      expect(refused).toMatchObject({ admitted: false, retryAfterSeconds: 50, degraded: false });
      expect(refused.binding).toMatchObject({ used: 2, remaining: 0, windowSeconds: 60, isViolated: true });
      time.nowMs += 50_000;
      expect((await call(limit)).admitted).toBe(true);
    });

    it("lets twice the limit pass around the edge of a fixed window, and of no sliding one", async () => {
      time.nowMs = noonMs + 59_999;
      expect(await admittedOf(9, fixedWindow(5, 60))).toBe(5);
      expect(await admittedOf(9, slidingWindow(5, 60))).toBe(5);
      time.nowMs += 1;
      expect(await admittedOf(9, fixedWindow(5, 60))).toBe(5);
      expect(await admittedOf(9, slidingWindow(5, 60))).toBe(0);
    });

    it("begins the day of an aligned window at its time of day, also when clocks change", async () => {
      const limit = normalizeLimit({
        algorithm: "fixed_window",
        limit: 2,
        windowSeconds: 86_400,
        alignedTo: "06:00",
        timezone: "Europe/Berlin",
      });
      time.nowMs = Date.UTC(2030, 2, 30, 20); // the day before summer time: the running day has 23 hours
      const decision = await call(limit);
      expect(decision.binding?.resetAtSeconds).toBe(Date.UTC(2030, 2, 31, 4) / 1000);
      expect(await admittedOf(3, limit)).toBe(1);
      time.nowMs = Date.UTC(2030, 2, 31, 4);
      expect(await admittedOf(3, limit)).toBe(2);
    });

    it("refills a bucket a token at a time", async () => {
      const limit = normalizeLimit({ algorithm: "token_bucket", burst: 3, refillPerSecond: 0.5 });
      expect(await admittedOf(5, limit)).toBe(3);
      expect(await call(limit)).toMatchObject({ retryAfterSeconds: 2, binding: { windowSeconds: 6 } });
      time.nowMs += 1999;
      expect((await call(limit)).admitted).toBe(false);
      time.nowMs += 1;
      expect(await admittedOf(2, limit)).toBe(1);
    });

    it("takes from no window when one of them refuses", async () => {
      const limits = [slidingWindow(2, 1), slidingWindow(10, 60), fixedWindow(10, 3600), bucket(10, 60)];
      expect(await admittedOf(7, ...limits)).toBe(2);
      const { states } = await peekLimits(store, "tn_1", limits.map(check));
      expect(states.map(({ used }) => used)).toEqual([2, 2, 2, 2]);
    });

    it("names the violated limit with the longest wait, else the one with the fewest left and the latest reset", async () => {
      const minute = slidingWindow(3, 60);
      const hour = slidingWindow(3, 3600);
      expect((await call(minute, slidingWindow(9, 86_400), hour)).binding?.limitId).toBe("hour");
      await admittedOf(2, minute, hour);
      const refused = await call(hour, minute);
      expect(refused).toMatchObject({ retryAfterSeconds: 3600, binding: { limitId: "hour" } });
    });

    it("counts a dear call as many, all or none", async () => {
      const limits = [slidingWindow(10, 60), slidingWindow(2000, 60, "wide"), bucket(10, 60), fixedWindow(10, 60)];
      const dear = (cost: number) => consumeLimits(store, "tn_1", limits.map(check), { cost });
      expect((await dear(7)).states.map(({ remaining }) => remaining)).toEqual([3, 1993, 3, 3]);
      expect((await dear(4)).admitted).toBe(false);
      expect((await dear(3)).states.map(({ remaining }) => remaining)).toEqual([0, 1990, 0, 0]);
      expect(await dear(11)).toMatchObject({ admitted: false });
      await expect(dear(0)).rejects.toThrow(RangeError);
      await expect(dear(1.5)).rejects.toThrow(RangeError);
    });

    it("looks without taking", async () => {
      const limits = [slidingWindow(1, 60), fixedWindow(1, 60), bucket(1, 60), slidingWindow(5000, 60, "wide")];
      const before = await peekLimits(store, "tn_1", limits.map(check));
      expect(before).toMatchObject({ admitted: true });
      expect(before.states.map(({ used }) => used)).toEqual([0, 0, 0, 0]);
      expect((await call(...limits)).admitted).toBe(true);
      expect((await peekLimits(store, "tn_1", limits.map(check))).admitted).toBe(false);
    });

    it("forgets on reset", async () => {
      const limits = [slidingWindow(1, 60), { ...slidingWindow(9, 3600), burst: 1 }, bucket(1, 60)];
      expect(await admittedOf(2, ...limits)).toBe(1);
      await resetLimits(store, "tn_1", limits.map(check));
      expect(await admittedOf(2, ...limits)).toBe(1);
    });

    it("counts what a shadow limit would have refused, and refuses nobody for it", async () => {
      const checks = [check(slidingWindow(3, 60)), { ...check(slidingWindow(1, 60)), isShadow: true }];
      const shadows: (boolean | undefined)[] = [];
      for (let at = 0; at < 4; at++) {
        const decision = await consumeLimits(store, "tn_1", checks);
        shadows.push(decision.shadowStates[0]?.isViolated);
        expect(decision.states).toHaveLength(1);
      }
      expect(shadows).toEqual([false, true, true, undefined]);
    });

    it("applies a changed number to what was already counted", async () => {
      await admittedOf(4, slidingWindow(5, 60));
      expect(await call(slidingWindow(3, 60))).toMatchObject({ admitted: false, binding: { used: 4, remaining: 0 } });
      expect(await admittedOf(9, slidingWindow(7, 60))).toBe(3);
    });

    it("keeps tenants, limits and subjects apart whatever they are called", async () => {
      const names = ["a", "a:b", "b", "}", "{", "a}:{b", "a|b", "\0", "", "\ud800", "\ud801", "a ", "A", "ä", "x".repeat(65)];
      const limit = (id: string): Limit => ({ ...slidingWindow(1, 60), id });
      const one = (tag: string, id: string, subject: string) =>
        consumeLimits(store, `${someone}${tag}`, [{ limit: limit(id), subject }]);
      for (const left of names) {
        for (const right of names) {
          expect((await one(left, "x", right)).admitted, JSON.stringify([left, right])).toBe(true);
          expect((await one("t", left, right)).admitted, JSON.stringify(["id", left, right])).toBe(true);
        }
      }
      expect((await one("a", "x", "b")).admitted).toBe(false);
    });

    it("counts the same limit once when a call names it twice, at the tighter number", async () => {
      expect(await admittedOf(5, slidingWindow(4, 60), slidingWindow(2, 60))).toBe(2);
    });

    it("admits everything when there is nothing to check", async () => {
      expect(await consumeLimits(store, "tn_1", [])).toMatchObject({ admitted: true, states: [], binding: undefined });
    });

    it("stands still while the clock runs back, and starts again when it jumped", async () => {
      const limits = [slidingWindow(2, 60), slidingWindow(2000, 60, "wide"), fixedWindow(2, 60), bucket(2, 60)];
      await admittedOf(2, ...limits);
      time.nowMs -= 5000;
      expect((await call(...limits)).admitted).toBe(false);
      time.nowMs -= 3_600_000;
      expect((await call(...limits)).admitted).toBe(true);
    });
  });

  describe(`${name}: properties`, () => {
    it("agrees with a naive oracle on every history", async () => {
      await fc.assert(
        fc.asyncProperty(histories, async ({ startMs, limits, steps }) => {
          const subjectOfRun = freshSubject();
          const counters = limits
            .flatMap((limit) => countersOf("tn_1", { limit, subject: subjectOfRun }))
            .map((counter) => (counter.kind === "slices" ? { ...counter, capacity: counter.capacity - 996 } : counter));
          const oracles = counters.map((counter) => new LimitOracle(counter));
          time.nowMs = startMs;
          for (const step of steps) {
            time.nowMs += step.waitMs;
            await playAgainstOracle({ store, counters, oracles, cost: step.cost, time });
          }
        }),
        { numRuns: subject.histories },
      );
    });

    it("lets in whoever waits as long as it was told", async () => {
      await fc.assert(
        fc.asyncProperty(histories, async ({ startMs, limits, steps }) => {
          const checks = limits.map((limit) => ({ limit, subject: `${someone}_${startMs}_${calls++}` }));
          time.nowMs = startMs;
          for (const { waitMs, cost } of steps) {
            time.nowMs += waitMs;
            const decision = await consumeLimits(store, "tn_1", checks, { cost });
            if (decision.admitted) continue;
            expect(decision.retryAfterSeconds).toBeGreaterThanOrEqual(1);
            time.nowMs += (decision.retryAfterSeconds ?? 0) * 1000;
            expect((await consumeLimits(store, "tn_1", checks, { cost })).admitted).toBe(true);
          }
        }),
        { numRuns: subject.histories },
      );
    });
  });
}

interface Play {
  readonly store: LimitStore;
  readonly counters: readonly Counter[];
  readonly oracles: readonly LimitOracle[];
  readonly cost: number;
  readonly time: { nowMs: number };
}

/** One call: the answer is the one the oracles allow, and each instant it names is the first at which it holds. */
async function playAgainstOracle({ store, counters, oracles, cost, time }: Play): Promise<void> {
  const verdict = await store.evaluate({ counters, cost, mode: "take" });
  const openAt = (oracle: LimitOracle, index: number) => oracle.used(time.nowMs) + cost <= (counters[index]?.capacity ?? 0);
  const surelyOpen = (oracle: LimitOracle, index: number) =>
    oracle.usedAtMost(time.nowMs) + cost <= (counters[index]?.capacity ?? 0);
  if (verdict.isAdmitted) expect(oracles.every(openAt)).toBe(true);
  else expect(oracles.every(surelyOpen)).toBe(false);
  if (verdict.isAdmitted) for (const oracle of oracles) oracle.admit(time.nowMs, cost);
  for (const [index, oracle] of oracles.entries()) {
    const { used } = verdict.readings[index] as CounterReading;
    expect(used).toBeGreaterThanOrEqual(oracle.used(time.nowMs));
    expect(used).toBeLessThanOrEqual(oracle.usedAtMost(time.nowMs));
    expect(used).toBeLessThanOrEqual(counters[index]?.capacity ?? 0);
    await expectInstantsHold(verdict.readings[index] as CounterReading, counters[index] as Counter, { store, cost, time });
  }
}

async function expectInstantsHold(
  reading: CounterReading,
  counter: Counter,
  { store, cost, time }: Pick<Play, "store" | "cost" | "time">,
): Promise<void> {
  const nowMs = time.nowMs;
  const lookAt = async (atMs: number, price: number) => {
    time.nowMs = atMs;
    const { readings } = await store.evaluate({ counters: [counter], cost: price, mode: "peek" });
    time.nowMs = nowMs;
    return readings[0] as CounterReading;
  };
  if (!reading.isOpen) {
    expect((await lookAt(reading.readyAtMs, cost)).isOpen).toBe(true);
    expect((await lookAt(reading.readyAtMs - 1, cost)).isOpen).toBe(false);
  }
  if (reading.resetAtMs === nowMs) {
    expect(reading.used).toBe(0);
  } else if (counter.kind !== "fixed" && reading.used >= reading.capacity) {
    expect((await lookAt(reading.resetAtMs, 1)).isOpen).toBe(true);
    expect((await lookAt(reading.resetAtMs - 1, 1)).isOpen).toBe(false);
  } else {
    expect((await lookAt(reading.resetAtMs, 1)).used).toBe(0);
  }
}

const windows = fc.constantFrom(1, 2, 7, 60, 90, 3600);
const numbers = fc.integer({ min: 4, max: 12 });

/** Small limits of every kind, with costs up to 4 in mind. */
export const anyLimit: fc.Arbitrary<Limit> = fc.oneof(
  fc.record({ limit: numbers, windowSeconds: windows }).map(({ limit, windowSeconds }) => slidingWindow(limit, windowSeconds)),
  fc
    .record({ limit: fc.integer({ min: 1001, max: 1010 }), windowSeconds: windows })
    .map(({ limit, windowSeconds }) => slidingWindow(limit, windowSeconds, `slices${windowSeconds}`)),
  fc.record({ limit: numbers, windowSeconds: windows }).map(({ limit, windowSeconds }) => fixedWindow(limit, windowSeconds)),
  fc
    .record({ limit: numbers, windowSeconds: windows, burst: fc.option(numbers, { nil: undefined }) })
    .map(({ limit, windowSeconds, burst }) => ({ ...bucket(limit, windowSeconds, burst), id: `bucket${windowSeconds}` })),
  fc
    .record({ burst: numbers, refillPerSecond: fc.constantFrom(0.001, 0.3, 1, 2.5, 33.333) })
    .map((rates) => normalizeLimit({ algorithm: "token_bucket", ...rates, id: "paced" })),
  fc.record({ limit: numbers }).map(({ limit }) => ({ ...slidingWindow(limit, 60), burst: 4 })),
);


const histories = fc.record({
  startMs: fc.integer({ min: noonMs, max: noonMs + dayMs }),
  limits: fc.uniqueArray(anyLimit, { minLength: 1, maxLength: 4, selector: (limit) => `${limit.algorithm}${limit.id}` }),
  steps: fc.array(
    fc.record({
      waitMs: fc.oneof(
        fc.constantFrom(0, 0, 0, 1, 16, 17, 999, 1000, 1001, 60_000, 3_600_000),
        fc.integer({ min: 0, max: 70_000 }),
      ),
      cost: fc.constantFrom(1, 1, 1, 2, 4),
    }),
    { minLength: 5, maxLength: 40 },
  ),
});
