import type { Redis, RedisOptions } from "ioredis";
import type { LimitStore } from "#lib/rate-limits/limit-store";
import { MemoryLimitStore } from "#lib/rate-limits/memory-limit-store";
import { RedisLimitStore } from "#lib/rate-limits/redis-limit-store";
import { ResilientLimitStore, type StoreLogger } from "#lib/rate-limits/resilient-limit-store";

interface LimitStoreOptions {
  /** Any connection to the Redis of this installation, for its address; the limiter opens its own. */
  readonly redis: Redis | undefined;
  readonly liveProcesses: () => number;
  readonly logger?: StoreLogger;
}

/** Fail at once, send nothing late, come back soon: a decision that waits is worse than one made alone. */
const connectionOptions: RedisOptions = {
  enableAutoPipelining: false, // the store gathers the calls of a turn itself
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  lazyConnect: false,
  connectTimeout: 1000,
  socketTimeout: 2000, // a server that hangs or vanished without a word: connect anew
  retryStrategy: (attempt) => Math.min(1000, 50 * 2 ** Math.min(attempt, 5)) * (0.5 + Math.random() / 2),
  reconnectOnError: (error) => error.message.startsWith("READONLY"), // the primary moved
};
const readyWithinMs = 2000;

/**
 * The limiter of a process: shared through Redis if there is one, else in memory. Starts degraded when Redis does not
 * answer within two seconds. Close it to end its connection.
 * @throws Error when Redis may evict keys under memory pressure, which would lift limits unnoticed
 */
export async function openLimitStore({ redis, liveProcesses, logger }: LimitStoreOptions): Promise<LimitStore> {
  const local = new MemoryLimitStore();
  if (!redis) return local;
  const connection = redis.duplicate(connectionOptions);
  connection.on("error", () => undefined); // failed calls tell; ioredis prints errors nobody listens to
  const shared = new RedisLimitStore(connection);
  try {
    if (await isReady(connection)) await requireNoEviction(connection);
  } catch (error) {
    await shared.close();
    throw error;
  }
  return new ResilientLimitStore({ shared, local, liveProcesses, logger });
}

function isReady(connection: Redis): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), readyWithinMs);
    connection.once("ready", () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

async function requireNoEviction(connection: Redis): Promise<void> {
  const memory = await connection.info("memory").catch(() => ""); // gone again: the breaker's business, not the boot's
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1];
  if (policy !== undefined && policy !== "noeviction") {
    throw new Error(`Redis evicts keys under memory pressure (maxmemory-policy ${policy}): set it to noeviction.`);
  }
}
