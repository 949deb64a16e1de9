import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { CalendarDays } from "#lib/rate-limits/calendar-days";
import type { LimitStore, StoreRequest, StoreVerdict } from "#lib/rate-limits/limit-store";
import { limitScript, readReply, scriptArguments } from "#lib/rate-limits/script";

interface RedisOptions {
  readonly timeoutMs?: number;
  /** Tests only: counts by this clock instead of Redis TIME. */
  readonly clock?: () => number;
}

/**
 * The limiter shared by all processes: one script call per decision, by Redis's clock. Any call rejects when Redis is
 * gone, refuses writes, or has not answered in `timeoutMs`; a reply that comes later is dropped.
 */
export class RedisLimitStore implements LimitStore {
  readonly #redis: Redis;
  readonly #timeoutMs: number;
  readonly #clock: (() => number) | undefined;
  readonly #days = new CalendarDays();
  readonly #sha = createHash("sha1").update(limitScript).digest("hex");

  constructor(redis: Redis, { timeoutMs = 50, clock }: RedisOptions = {}) {
    this.#redis = redis;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  async evaluate(request: StoreRequest): Promise<StoreVerdict> {
    const clockMs = this.#clock?.();
    const { keys, args } = scriptArguments(request, this.#days, clockMs ?? Date.now(), clockMs);
    return readReply(await answeredWithin(this.#timeoutMs, this.#run(keys, args)), request);
  }

  async reset(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await answeredWithin(this.#timeoutMs, this.#redis.del(...keys));
  }

  /** Resolves when Redis takes writes: an answer to PING would hide a full, a read-only or a failing one. */
  async probe(): Promise<void> {
    await answeredWithin(this.#timeoutMs, this.#redis.set("rl:{probe}", "1", "PX", 1000));
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
  }

  async #run(keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await this.#redis.evalsha(this.#sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
      return await this.#redis.eval(limitScript, keys.length, ...keys, ...args);
    }
  }
}

/** The result, or a rejection after `timeoutMs`. */
function answeredWithin<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`Redis did not answer within ${timeoutMs} ms.`));
    // One more turn for sockets: after a pause of our own the reply may be waiting to be read.
    const timer = setTimeout(() => setImmediate(late), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
