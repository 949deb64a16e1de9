import { describe, expect, it } from "vitest";
import { consumeLimits } from "#lib/rate-limits/consume-limits";
import { slidingWindow } from "#lib/rate-limits/limit";
import { describeLimitStore } from "#lib/rate-limits/limit-store-conformance";
import { MemoryLimitStore } from "#lib/rate-limits/memory-limit-store";

describeLimitStore("memory", { open: (clock) => new MemoryLimitStore({ clock }), histories: 400 });

describe("the memory of the memory store", () => {
  const limit = slidingWindow(5, 1);
  const call = (store: MemoryLimitStore, subject: string) => consumeLimits(store, "ip", [{ limit, subject }]);

  it("is given back by counters that expired", async () => {
    let nowMs = 0;
    const store = new MemoryLimitStore({ clock: () => nowMs });
    for (let at = 0; at < 20_000; at++) {
      nowMs += 1;
      await call(store, `ip${at}`);
    }
    expect(store.size).toBeLessThan(4000); // live and within the slack: two thousand
  });

  it("is bounded: at the bound the counter unused for longest goes", async () => {
    const store = new MemoryLimitStore({ clock: () => 0, numbersMax: 5000 });
    for (let at = 0; at < 5000; at++) {
      await call(store, `ip${at}`);
      if (at % 100 === 0) expect((await call(store, "busy")).binding?.used).toBe(Math.min(5, at / 100 + 1));
    }
    expect(store.size).toBeLessThanOrEqual(1000);
  });
});
