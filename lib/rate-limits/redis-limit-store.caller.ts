import { Redis } from "ioredis";
import { consumeLimits } from "#lib/rate-limits/consume-limits";
import type { Limit } from "#lib/rate-limits/limit";
import { RedisLimitStore } from "#lib/rate-limits/redis-limit-store";

/** A process of its own for the exactness test: calls when told to, and prints how many calls were admitted. */
interface Order {
  readonly url: string;
  readonly limit: Limit;
  readonly calls: number;
  readonly cost: number;
}

const order: Order = JSON.parse(process.argv[2] ?? "");
const redis = new Redis(order.url, { enableAutoPipelining: true });
const store = new RedisLimitStore(redis, { timeoutMs: 20_000 });
await redis.ping();
process.stdout.write("ready\n");
process.stdin.once("data", async () => {
  const call = () => consumeLimits(store, "tn_shared", [{ limit: order.limit, subject: "key_shared" }], order);
  const decisions = await Promise.all(Array.from({ length: order.calls }, call));
  process.stdout.write(`${decisions.filter((decision) => decision.admitted).length}\n`);
  await store.close();
  process.stdin.destroy();
});
