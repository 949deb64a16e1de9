import { beforeEach, describe, expect, it, vi } from "vitest";
import { consumeLimits, resetLimits } from "#lib/rate-limits/consume-limits";
import { type Limit, normalizeLimit, slidingWindow } from "#lib/rate-limits/limit";
import { MemoryLimitStore } from "#lib/rate-limits/memory-limit-store";
import { ResilientLimitStore, type SharedLimitStore } from "#lib/rate-limits/resilient-limit-store";

/** A shared store that a test takes away and gives back. */
class FlakyStore extends MemoryLimitStore implements SharedLimitStore {
  isDown = false;
  asked = 0;
  probes = 0;

  override async evaluate(request: Parameters<MemoryLimitStore["evaluate"]>[0]) {
    this.asked += 1;
    if (this.isDown) throw new Error("gone");
    return super.evaluate(request);
  }

  override async reset(keys: readonly string[]) {
    if (this.isDown) throw new Error("gone");
    await super.reset(keys);
  }

  async probe() {
    this.probes += 1;
    if (this.isDown) throw new Error("gone");
  }
}

let nowMs = 0;
let processes = 1;
const logger = { warn: vi.fn(), info: vi.fn() };
let shared: FlakyStore;
let store: ResilientLimitStore;

const clock = () => nowMs;
const call = (limit: Limit = slidingWindow(100, 3600)) => consumeLimits(store, "tn_1", [{ limit, subject: "key_1" }]);
const admittedOf = async (times: number, limit: Limit) => {
  let admitted = 0;
  for (let at = 0; at < times; at++) admitted += Number((await call(limit)).admitted);
  return admitted;
};
const goDown = async () => {
  shared.isDown = true;
  for (let at = 0; at < 5; at++) await call(slidingWindow(100, 3600, "other"));
};

beforeEach(() => {
  nowMs = 1_000_000;
  processes = 1;
  shared = new FlakyStore({ clock });
  store = new ResilientLimitStore({
    shared,
    local: new MemoryLimitStore({ clock }),
    liveProcesses: () => processes,
    logger,
    clock,
  });
  vi.clearAllMocks();
});

describe("the breaker", () => {
  it("answers every call while the shared store fails, and stops asking it after five failures", async () => {
    shared.isDown = true;
    for (let at = 0; at < 20; at++) expect(await call()).toMatchObject({ admitted: true, degraded: true });
    expect(shared.asked).toBe(5);
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });

  it("stays closed when failures are not in a row", async () => {
    for (let round = 0; round < 10; round++) {
      shared.isDown = true;
      for (let at = 0; at < 4; at++) await call();
      shared.isDown = false;
      expect((await call()).degraded).toBe(false);
    }
    expect(store.isOpen).toBe(false);
  });

  it("probes once a second and closes on the first answer", async () => {
    await goDown();
    await admittedOf(10, slidingWindow(100, 3600));
    expect(shared.probes).toBe(0);
    nowMs += 1000;
    await admittedOf(10, slidingWindow(100, 3600));
    expect(shared.probes).toBe(1);
    shared.isDown = false;
    expect((await call()).degraded).toBe(true);
    nowMs += 1000;
    await call();
    expect(await call()).toMatchObject({ degraded: false });
    expect(logger.info).toHaveBeenCalledTimes(1);
  });

  it("is not closed by a late answer to a call from before it opened", async () => {
    let answer = () => {};
    const evaluate = shared.evaluate.bind(shared);
    vi.spyOn(shared, "evaluate").mockImplementationOnce(async (request) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return MemoryLimitStore.prototype.evaluate.call(shared, request);
    });
    vi.spyOn(shared, "evaluate").mockImplementation(evaluate);
    const slow = call();
    await goDown();
    answer();
    await slow;
    expect(store.isOpen).toBe(true);
  });
});

describe("a process that counts alone", () => {
  const kinds: [string, Limit][] = [
    ["sliding window", slidingWindow(12, 3600)],
    ["slices", slidingWindow(1200, 3600)],
    ["fixed window", normalizeLimit({ algorithm: "fixed_window", limit: 12, windowSeconds: 3600 })],
    ["token bucket", normalizeLimit({ algorithm: "token_bucket", limit: 12, windowSeconds: 3600 })],
  ];

  it.each(kinds)("admits its share, at least one: %s", async (_, limit) => {
    await goDown();
    processes = 4;
    expect(await admittedOf(limit.limit, limit)).toBe(limit.limit / 4);
    const refused = await call(limit);
    expect(refused).toMatchObject({ admitted: false, degraded: true, binding: { limit: limit.limit / 4 } });
    nowMs += (refused.retryAfterSeconds ?? 0) * 1000;
    expect((await call(limit)).admitted).toBe(true);
    processes = 10_000;
    expect(await admittedOf(3, { ...limit, id: "another" })).toBe(1);
  });

  it("refills its share of a bucket at its share of the pace", async () => {
    await goDown();
    processes = 4;
    const limit = normalizeLimit({ algorithm: "token_bucket", burst: 8, refillPerSecond: 4 });
    expect(await admittedOf(9, limit)).toBe(2);
    nowMs += 1000;
    expect(await admittedOf(9, limit)).toBe(1);
    processes = 2; // the tokens it held are still worth a token each
    nowMs += 1000;
    expect(await admittedOf(9, limit)).toBe(2);
  });

  it("holds security limits to five a minute", async () => {
    await goDown();
    for (const [id, limit] of kinds) {
      const strict: Limit = { ...limit, id: id.replace(" ", "_"), windowSeconds: 60, onStoreLoss: "strict" };
      expect(await admittedOf(20, strict)).toBe(5);
    }
    const slower: Limit = { ...slidingWindow(3, 60, "login"), onStoreLoss: "strict" };
    expect(await admittedOf(20, slower)).toBe(3);
  });
});

describe("a reset", () => {
  it("clears both stores, and says so when it could not", async () => {
    const limit = slidingWindow(1, 60);
    const checks = [{ limit, subject: "key_1" }];
    await call(limit);
    await resetLimits(store, "tn_1", checks);
    expect((await call(limit)).admitted).toBe(true);
    shared.isDown = true;
    await expect(resetLimits(store, "tn_1", checks)).rejects.toThrow("gone");
  });
});
