import { beforeEach, describe, expect, it } from "vitest";
import { consumeLimits, type LimitsDecision, peekLimits, resetLimits } from "#lib/rate-limits/consume-limits";
import type { LimitCheck } from "#lib/rate-limits/counter";
import { type Limit, normalizeLimit, slidingWindow } from "#lib/rate-limits/limit";
import type { LimitStore } from "#lib/rate-limits/limit-store";
import { describeLimitProperties } from "#lib/rate-limits/limit-store-properties";

/** Noon of a day, so that short windows of the examples begin on it. */
const noonMs = Date.UTC(2030, 0, 1, 12);

export interface ConformanceSubject {
  /** A store that reads `clock`. Counters of earlier tests may still be in it. */
  readonly open: (clock: () => number) => LimitStore;
  /** How many random histories to play. */
  readonly histories: number;
}

/** Every store of limits passes this. */
export function describeLimitStore(name: string, { open, histories }: ConformanceSubject): void {
  const time = { nowMs: noonMs };
  const stand = openStand(
    open(() => time.nowMs),
    time,
  );
  describeNumbers(name, stand);
  describeAnswers(name, stand);
  describeManyLimits(name, stand);
  describeIdentity(name, stand);
  describeLimitProperties(name, { store: stand.store, time, histories });
}

/** The store under test, its clock, and a fresh subject for each test. */
interface Stand {
  readonly store: LimitStore;
  readonly time: { nowMs: number };
  readonly subject: () => string;
  readonly check: (limit: Limit) => LimitCheck;
  readonly call: (...limits: Limit[]) => Promise<LimitsDecision>;
  /** How many of some calls, one after the other, get in. */
  readonly admittedOf: (calls: number, ...limits: Limit[]) => Promise<number>;
}

function openStand(store: LimitStore, time: { nowMs: number }): Stand {
  let tests = 0;
  beforeEach(() => {
    time.nowMs = noonMs;
    tests += 1;
  });
  const subject = () => `key_${process.pid}_${tests}`;
  const check = (limit: Limit) => ({ limit, subject: subject() });
  const call = (...limits: Limit[]) => consumeLimits(store, "tn_1", limits.map(check));
  const admittedOf = async (calls: number, ...limits: Limit[]) => {
    let admitted = 0;
    for (let at = 0; at < calls; at++) admitted += Number((await call(...limits)).admitted);
    return admitted;
  };
  return { store, time, subject, check, call, admittedOf };
}

const fixedWindow = (limit: number, windowSeconds: number) =>
  normalizeLimit({ algorithm: "fixed_window", limit, windowSeconds });
const bucket = (limit: number, windowSeconds: number, burst?: number) =>
  normalizeLimit({ algorithm: "token_bucket", limit, windowSeconds, burst });

function describeNumbers(name: string, stand: Stand): void {
  describe(`${name}: how many`, () => {
    it.each([
      ["sliding window", slidingWindow(5, 60), 5],
      ["sliding window counted in slices", slidingWindow(1200, 60), 1200],
      ["fixed window", fixedWindow(5, 60), 5],
      ["token bucket", bucket(5, 60), 5],
      ["token bucket larger than its refill", bucket(5, 60, 8), 8],
      ["burst on a window", { ...slidingWindow(50, 60), burst: 5 }, 5],
    ])("admits exactly its number at once: %s", async (_, limit, number) => {
      expect(await stand.admittedOf(number + 5, limit)).toBe(number);
    });

    it("admits concurrent calls one after the other", async () => {
      const limit = slidingWindow(10, 60);
      const decisions = await Promise.all(Array.from({ length: 50 }, () => stand.call(limit)));
      const admitted = decisions.filter((decision) => decision.admitted);
      expect(admitted).toHaveLength(10);
      expect(new Set(admitted.map((decision) => decision.binding?.remaining)).size).toBe(10);
    });

    it("lets twice the limit pass around the edge of a fixed window, and of no sliding one", async () => {
      stand.time.nowMs = noonMs + 59_999;
      expect(await stand.admittedOf(9, fixedWindow(5, 60))).toBe(5);
      expect(await stand.admittedOf(9, slidingWindow(5, 60))).toBe(5);
      stand.time.nowMs += 1;
      expect(await stand.admittedOf(9, fixedWindow(5, 60))).toBe(5);
      expect(await stand.admittedOf(9, slidingWindow(5, 60))).toBe(0);
    });

    it("begins the day of an aligned window at its time of day, also when clocks change", async () => {
      const limit = normalizeLimit({
        algorithm: "fixed_window",
        limit: 2,
        windowSeconds: 86_400,
        alignedTo: "06:00",
        timezone: "Europe/Berlin",
      });
      stand.time.nowMs = Date.UTC(2030, 2, 30, 20); // the day before summer time: the running day has 23 hours
      const decision = await stand.call(limit);
      expect(decision.binding?.resetAtSeconds).toBe(Date.UTC(2030, 2, 31, 4) / 1000);
      expect(await stand.admittedOf(3, limit)).toBe(1);
      stand.time.nowMs = Date.UTC(2030, 2, 31, 4);
      expect(await stand.admittedOf(3, limit)).toBe(2);
    });

    it("refills a bucket a token at a time", async () => {
      const limit = normalizeLimit({ algorithm: "token_bucket", burst: 3, refillPerSecond: 0.5 });
      expect(await stand.admittedOf(5, limit)).toBe(3);
      expect(await stand.call(limit)).toMatchObject({ retryAfterSeconds: 2, binding: { windowSeconds: 6 } });
      stand.time.nowMs += 1999;
      expect((await stand.call(limit)).admitted).toBe(false);
      stand.time.nowMs += 1;
      expect(await stand.admittedOf(2, limit)).toBe(1);
    });
  });
}

function describeAnswers(name: string, stand: Stand): void {
  describe(`${name}: what it tells`, () => {
    it("tells the truth about a sliding window", async () => {
      const limit = slidingWindow(2, 60);
      const at = noonMs / 1000;
      expect((await stand.call(limit)).binding).toMatchObject({
        limit: 2,
        used: 1,
        remaining: 1,
        resetAtSeconds: at + 60,
      });
      stand.time.nowMs += 10_000;
      // Empty: the reset is when one more is admitted, not when all are.
      expect((await stand.call(limit)).binding).toMatchObject({
        remaining: 0,
        resetAtSeconds: at + 60,
        resetAfterSeconds: 50,
      });
      const refused = await stand.call(limit);
      expect(refused).toMatchObject({ admitted: false, retryAfterSeconds: 50, degraded: false });
      expect(refused.binding).toMatchObject({ used: 2, remaining: 0, windowSeconds: 60, isViolated: true });
      stand.time.nowMs += 50_000;
      expect((await stand.call(limit)).admitted).toBe(true);
    });

    it("names the violated limit with the longest wait, else the one with the fewest left and the latest reset", async () => {
      const minute = slidingWindow(3, 60);
      const hour = slidingWindow(3, 3600);
      expect((await stand.call(minute, slidingWindow(9, 86_400), hour)).binding?.limitId).toBe("hour");
      await stand.admittedOf(2, minute, hour);
      const refused = await stand.call(hour, minute);
      expect(refused).toMatchObject({ retryAfterSeconds: 3600, binding: { limitId: "hour" } });
    });

    it("looks without taking", async () => {
      const limits = [slidingWindow(1, 60), fixedWindow(1, 60), bucket(1, 60), slidingWindow(5000, 60, "wide")];
      const before = await peekLimits(stand.store, "tn_1", limits.map(stand.check));
      expect(before).toMatchObject({ admitted: true });
      expect(before.states.map(({ used }) => used)).toEqual([0, 0, 0, 0]);
      expect((await stand.call(...limits)).admitted).toBe(true);
      expect((await peekLimits(stand.store, "tn_1", limits.map(stand.check))).admitted).toBe(false);
    });

    it("forgets on reset", async () => {
      const limits = [slidingWindow(1, 60), { ...slidingWindow(9, 3600), burst: 1 }, bucket(1, 60)];
      expect(await stand.admittedOf(2, ...limits)).toBe(1);
      await resetLimits(stand.store, "tn_1", limits.map(stand.check));
      expect(await stand.admittedOf(2, ...limits)).toBe(1);
    });

    it("admits everything when there is nothing to check", async () => {
      expect(await consumeLimits(stand.store, "tn_1", [])).toMatchObject({
        admitted: true,
        states: [],
        binding: undefined,
      });
    });
  });
}

function describeManyLimits(name: string, stand: Stand): void {
  describe(`${name}: limits together`, () => {
    it("takes from no window when one of them refuses", async () => {
      const limits = [slidingWindow(2, 1), slidingWindow(10, 60), fixedWindow(10, 3600), bucket(10, 60)];
      expect(await stand.admittedOf(7, ...limits)).toBe(2);
      const { states } = await peekLimits(stand.store, "tn_1", limits.map(stand.check));
      expect(states.map(({ used }) => used)).toEqual([2, 2, 2, 2]);
    });

    it("counts a dear call as many, all or none", async () => {
      const limits = [slidingWindow(10, 60), slidingWindow(2000, 60, "wide"), bucket(10, 60), fixedWindow(10, 60)];
      const dear = (cost: number) => consumeLimits(stand.store, "tn_1", limits.map(stand.check), { cost });
      expect((await dear(7)).states.map(({ remaining }) => remaining)).toEqual([3, 1993, 3, 3]);
      expect((await dear(4)).admitted).toBe(false);
      expect((await dear(3)).states.map(({ remaining }) => remaining)).toEqual([0, 1990, 0, 0]);
      expect(await dear(11)).toMatchObject({ admitted: false });
      await expect(dear(0)).rejects.toThrow(RangeError);
      await expect(dear(1.5)).rejects.toThrow(RangeError);
    });

    it("counts what a shadow limit would have refused, and refuses nobody for it", async () => {
      const checks = [stand.check(slidingWindow(3, 60)), { ...stand.check(slidingWindow(1, 60)), isShadow: true }];
      const shadows: (boolean | undefined)[] = [];
      for (let at = 0; at < 4; at++) {
        const decision = await consumeLimits(stand.store, "tn_1", checks);
        shadows.push(decision.shadowStates[0]?.isViolated);
        expect(decision.states).toHaveLength(1);
      }
      expect(shadows).toEqual([false, true, true, undefined]);
    });

    it("counts the same limit once when a call names it twice, at the tighter number", async () => {
      expect(await stand.admittedOf(5, slidingWindow(4, 60), slidingWindow(2, 60))).toBe(2);
    });
  });
}

function describeIdentity(name: string, stand: Stand): void {
  describe(`${name}: whose count, and when`, () => {
    it("keeps tenants, limits and subjects apart whatever they are called", async () => {
      const names = [
        "a",
        "a:b",
        "b",
        "}",
        "{",
        "a}:{b",
        "a|b",
        "\0",
        "",
        "\ud800",
        "\ud801",
        "a ",
        "A",
        "ä",
        "x".repeat(65),
      ];
      const limit = (id: string): Limit => ({ ...slidingWindow(1, 60), id });
      const one = (tag: string, id: string, subject: string) =>
        consumeLimits(stand.store, `${stand.subject()}${tag}`, [{ limit: limit(id), subject }]);
      for (const left of names) {
        for (const right of names) {
          expect((await one(left, "x", right)).admitted, JSON.stringify([left, right])).toBe(true);
          expect((await one("t", left, right)).admitted, JSON.stringify(["id", left, right])).toBe(true);
        }
      }
      expect((await one("a", "x", "b")).admitted).toBe(false);
    });

    it("applies a changed number to what was already counted", async () => {
      await stand.admittedOf(4, slidingWindow(5, 60));
      expect(await stand.call(slidingWindow(3, 60))).toMatchObject({
        admitted: false,
        binding: { used: 4, remaining: 0 },
      });
      expect(await stand.admittedOf(9, slidingWindow(7, 60))).toBe(3);
    });

    it("stands still while the clock runs back, and starts again when it jumped", async () => {
      const limits = [slidingWindow(2, 60), slidingWindow(2000, 60, "wide"), fixedWindow(2, 60), bucket(2, 60)];
      await stand.admittedOf(2, ...limits);
      stand.time.nowMs -= 5000;
      expect((await stand.call(...limits)).admitted).toBe(false);
      stand.time.nowMs -= 3_600_000;
      expect((await stand.call(...limits)).admitted).toBe(true);
    });
  });
}
