import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { consumeLimits } from "#lib/rate-limits/consume-limits";
import { type Counter, countersOf } from "#lib/rate-limits/counter";
import { type Limit, normalizeLimit, slidingWindow } from "#lib/rate-limits/limit";
import { LimitOracle } from "#lib/rate-limits/limit-oracle";
import type { CounterReading, LimitStore } from "#lib/rate-limits/limit-store";

const noonMs = Date.UTC(2030, 0, 1, 12);
const dayMs = 86_400_000;

interface PropertySubject {
  readonly store: LimitStore;
  /** The clock the store reads. */
  readonly time: { nowMs: number };
  readonly histories: number;
}

/** What holds for every history of calls, whatever the limits. */
export function describeLimitProperties(name: string, { store, time, histories: numRuns }: PropertySubject): void {
  let runs = 0;
  const freshSubject = () => `key_${process.pid}_property_${runs++}`;

  describe(`${name}: properties`, () => {
    it("agrees with a naive oracle on every history", async () => {
      await fc.assert(
        fc.asyncProperty(histories, async ({ startMs, limits, steps }) => {
          const subject = freshSubject();
          const counters = limits.flatMap((limit) => countersOf("tn_1", { limit, subject })).map(withinReach);
          const oracles = counters.map((counter) => new LimitOracle(counter));
          time.nowMs = startMs;
          for (const step of steps) {
            time.nowMs += step.waitMs;
            await playAgainstOracle({ store, counters, oracles, cost: step.cost, time });
          }
        }),
        { numRuns },
      );
    });

    it("lets in whoever waits as long as it was told", async () => {
      await fc.assert(
        fc.asyncProperty(histories, async ({ startMs, limits, steps }) => {
          const subject = freshSubject();
          const checks = limits.map((limit) => ({ limit, subject }));
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
        { numRuns },
      );
    });
  });
}

/** Slices are for limits above 1000, which a short history never meets: the same counting, at a small number. */
function withinReach(counter: Counter): Counter {
  return counter.kind === "slices" ? { ...counter, capacity: counter.capacity - 996 } : counter;
}

const fixedWindow = (limit: number, windowSeconds: number) =>
  normalizeLimit({ algorithm: "fixed_window", limit, windowSeconds });
const bucket = (limit: number, windowSeconds: number, burst?: number) =>
  normalizeLimit({ algorithm: "token_bucket", limit, windowSeconds, burst });

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
  const openAt = (oracle: LimitOracle, index: number) =>
    oracle.used(time.nowMs) + cost <= (counters[index]?.capacity ?? 0);
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
    await expectInstantsHold(verdict.readings[index] as CounterReading, counters[index] as Counter, {
      store,
      cost,
      time,
    });
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
  fc
    .record({ limit: numbers, windowSeconds: windows })
    .map(({ limit, windowSeconds }) => slidingWindow(limit, windowSeconds)),
  fc
    .record({ limit: fc.integer({ min: 1001, max: 1010 }), windowSeconds: windows })
    .map(({ limit, windowSeconds }) => slidingWindow(limit, windowSeconds, `slices${windowSeconds}`)),
  fc
    .record({ limit: numbers, windowSeconds: windows })
    .map(({ limit, windowSeconds }) => fixedWindow(limit, windowSeconds)),
  fc
    .record({ limit: numbers, windowSeconds: windows, burst: fc.option(numbers, { nil: undefined }) })
    .map(({ limit, windowSeconds, burst }) => ({
      ...bucket(limit, windowSeconds, burst),
      id: `bucket${windowSeconds}`,
    })),
  fc
    .record({ burst: numbers, refillPerSecond: fc.constantFrom(0.001, 0.3, 1, 2.5, 33.333) })
    .map((rates) => normalizeLimit({ algorithm: "token_bucket", ...rates, id: "paced" })),
  fc.record({ limit: numbers }).map(({ limit }) => ({ ...slidingWindow(limit, 60), burst: 4 })),
);

const histories = fc.record({
  startMs: fc.integer({ min: noonMs, max: noonMs + dayMs }),
  limits: fc.uniqueArray(anyLimit, {
    minLength: 1,
    maxLength: 4,
    selector: (limit) => `${limit.algorithm}${limit.id}`,
  }),
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
