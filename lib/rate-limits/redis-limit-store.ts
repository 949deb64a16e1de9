import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { CalendarDays } from "#lib/rate-limits/calendar-days";
import type { Counter } from "#lib/rate-limits/counter";
import type { LimitStore, StoreRequest, StoreVerdict } from "#lib/rate-limits/limit-store";
import { Patience } from "#lib/rate-limits/patience";
import { decisionText, hasDayEdges, limitScript, readReply } from "#lib/rate-limits/script";

interface RedisOptions {
  readonly timeoutMs?: number;
  /** Tests only: counts by this clock instead of Redis TIME. */
  readonly clock?: () => number;
}

/** A decision somebody waits for. */
interface Pending {
  readonly request: StoreRequest;
  readonly text: string;
  readonly resolve: (verdict: StoreVerdict) => void;
  readonly reject: (error: unknown) => void;
}

/** So many decisions one script may make: Redis does nothing else meanwhile. */
const decisionsPerScriptMax = 64;

/**
 * The limiter shared by all processes, by Redis's clock. The decisions of one turn of the event loop and one tag are made by one
 * script call, one after another and nobody between them. Any of them rejects when Redis is gone, refuses writes, or has not
 * answered in `timeoutMs` of running time; a reply that comes later is dropped.
 */
export class RedisLimitStore implements LimitStore {
  readonly #redis: Redis;
  readonly #patience: Patience;
  readonly #clock: (() => number) | undefined;
  readonly #days = new CalendarDays();
  readonly #sha = createHash("sha1").update(limitScript).digest("hex");
  /** Of this turn, by tag: a script may only touch one slot of a cluster. */
  #pending = new Map<string, Pending[]>();
  /** Texts of counters that are the same every time. */
  readonly #texts = new WeakMap<readonly Counter[], string>();

  constructor(redis: Redis, { timeoutMs = 150, clock }: RedisOptions = {}) {
    this.#redis = redis;
    this.#patience = new Patience(timeoutMs);
    this.#clock = clock;
  }

  evaluate(request: StoreRequest): Promise<StoreVerdict> {
    return new Promise((resolve, reject) => {
      const text = this.#textOf(request); // what cannot be written down rejects here, for itself alone
      if (this.#pending.size === 0) setImmediate(() => this.#flush());
      const tag = tagOf(request);
      const pending = this.#pending.get(tag);
      if (pending) pending.push({ request, text, resolve, reject });
      else this.#pending.set(tag, [{ request, text, resolve, reject }]);
    });
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

  #flush(): void {
    const pending = this.#pending;
    this.#pending = new Map();
    for (const decisions of pending.values()) {
      for (let from = 0; from < decisions.length; from += decisionsPerScriptMax) {
        this.#decide(decisions.slice(from, from + decisionsPerScriptMax));
      }
    }
  }

  #decide(pending: readonly Pending[]): void {
    const requests = pending.map(({ request }) => request);
    const fail = (error: unknown) => {
      for (const { reject } of pending) reject(error);
    };
    this.#patience
      .await(this.#run(pending))
      .then((reply) => {
        const verdicts = readReply(reply, requests);
        for (let at = 0; at < pending.length; at++) pending[at]?.resolve(verdicts[at] as StoreVerdict);
      })
      .catch(fail);
  }

  #run(pending: readonly Pending[]): Promise<unknown> {
    const keys: string[] = [];
    const args: (string | number)[] = [this.#clock?.() ?? ""];
    for (const { request, text } of pending) {
      for (const { key } of request.counters) keys.push(key);
      args.push(text);
    }
    return this.#redis.evalsha(this.#sha, keys.length, ...keys, ...args).catch((error: unknown) => {
      if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
      return this.#redis.eval(limitScript, keys.length, ...keys, ...args);
    });
  }

  #textOf(request: StoreRequest): string {
    const isPlain = request.mode === "take" && request.cost === 1;
    const known = isPlain ? this.#texts.get(request.counters) : undefined;
    if (known !== undefined) return known;
    const text = decisionText(request, this.#days, this.#clock?.() ?? Date.now());
    if (isPlain && !request.counters.some(hasDayEdges)) this.#texts.set(request.counters, text);
    return text;
  }
}

/** The hash tag of a decision's keys, which all have the same. */
function tagOf({ counters }: StoreRequest): string {
  const key = counters[0]?.key ?? "";
  return key.slice(key.indexOf("{"), key.indexOf("}"));
}
