import type { Redis } from "ioredis";
import { expect, it } from "vitest";
import { countersOf } from "#lib/rate-limits/counter";
import { type Limit, slidingWindow } from "#lib/rate-limits/limit";
import { RedisLimitStore } from "#lib/rate-limits/redis-limit-store";

/** A Redis that admits everything. */
const redis = {
  evalsha: async (_sha: string, keys: number) => [0, 1, ...Array.from({ length: keys }, () => [1, 9, 1, 0, 0]).flat()],
} as unknown as Redis;

it("a decision that cannot be written down fails alone, not those of its turn", async () => {
  const store = new RedisLimitStore(redis);
  const unreadable = { algorithm: "fixed_window", id: "day", limit: 9, windowSeconds: 86_400 };
  const daily = { ...unreadable, alignedTo: "00:00", timezone: "Nowhere/At_All" } as unknown as Limit;
  const evaluate = (limit: Limit) =>
    store.evaluate({
      counters: countersOf("tn_1", { limit, subject: "key_1" }).filter(Boolean),
      cost: 1,
      mode: "take",
    });
  const [bad, good] = await Promise.allSettled([evaluate(daily), evaluate(slidingWindow(9, 60, "minute"))]);
  expect([bad.status, good.status]).toEqual(["rejected", "fulfilled"]);
});
