import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { CalendarDays } from "#lib/rate-limits/calendar-days";
import type { LimitStore, StoreRequest, StoreVerdict } from "#lib/rate-limits/limit-store";
import { Patience } from "#lib/rate-limits/patience";
import { limitScript, readReply, scriptArguments } from "#lib/rate-limits/script";

interface RedisOptions {
  readonly timeoutMs?: number;
  /** Tests only: counts by this clock instead of Redis TIME. */
  readonly clock?: () => number;
}

/**
 * The limiter shared by all processes: one script call per decision, by Redis's clock. Any call rejects when Redis is
 * gone, refuses writes, or has not answered in `timeoutMs` of running time; a reply that comes later is dropped.
 */
export class RedisLimitStore implements LimitStore {
  readonly #redis: Redis;
  readonly #patience: Patience;
  readonly #clock: (() => number) | undefined;
  readonly #days = new CalendarDays();
  readonly #sha = createHash("sha1").update(limitScript).digest("hex");

  constructor(redis: Redis, { timeoutMs = 150, clock }: RedisOptions = {}) {
    this.#redis = redis;
    this.#patience = new Patience(timeoutMs);
    this.#clock = clock;
  }

  evaluate(request: StoreRequest): Promise<StoreVerdict> {
    const clockMs = this.#clock?.();
    const { keys, args } = scriptArguments(request, this.#days, clockMs ?? Date.now(), clockMs);
    return this.#patience.await(this.#run(keys, args)).then((reply) => readReply(reply, request));
  }

  async reset(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.#patience.await(this.#redis.del(...keys));
  }

  /** Resolves when Redis takes writes: an answer to PING would hide a full, a read-only or a failing one. */
  async probe(): Promise<void> {
    await this.#patience.await(this.#redis.set("rl:{probe}", "1", "PX", 1000));
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
  }

  #run(keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return this.#redis.evalsha(this.#sha, keys.length, ...keys, ...args).catch((error: unknown) => {
      if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
      return this.#redis.eval(limitScript, keys.length, ...keys, ...args);
    });
  }
}
