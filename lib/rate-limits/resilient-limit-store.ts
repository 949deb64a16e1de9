import type { Counter } from "#lib/rate-limits/counter";
import type { LimitStore, StoreRequest, StoreVerdict } from "#lib/rate-limits/limit-store";

/** A store that can go away and says when it is back. */
export interface SharedLimitStore extends LimitStore {
  /** Resolves when the store works again. */
  probe(): Promise<void>;
}

/** The part of a logger that is needed here (pino's order of arguments). */
export interface StoreLogger {
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
}

interface ResilientOptions {
  readonly shared: SharedLimitStore;
  readonly local: LimitStore;
  /** Processes that count alone when the shared store is gone, this one included. */
  readonly liveProcesses: () => number;
  readonly logger?: StoreLogger | undefined;
  /** Milliseconds of a steady clock. */
  readonly clock?: () => number;
}

const failuresToOpen = 5;
const probeEveryMs = 1000;
const strictPerMinute = 5;

/**
 * The shared store, and this process's share of each limit while that store is away. After five failures in a row nobody
 * waits for it any more; once a second a probe asks in the background, and only a prompt answer to it closes the
 * breaker, so a slow store does not flap.
 */
export class ResilientLimitStore implements LimitStore {
  readonly #shared: SharedLimitStore;
  readonly #local: LimitStore;
  readonly #liveProcesses: () => number;
  readonly #logger: StoreLogger | undefined;
  readonly #clock: () => number;
  #failures = 0;
  #probedAtMs = Number.NEGATIVE_INFINITY;

  constructor({ shared, local, liveProcesses, logger, clock = () => performance.now() }: ResilientOptions) {
    this.#shared = shared;
    this.#local = local;
    this.#liveProcesses = liveProcesses;
    this.#logger = logger;
    this.#clock = clock;
  }

  /** Whether decisions are made alone at the moment. */
  get isOpen(): boolean {
    return this.#failures >= failuresToOpen;
  }

  evaluate(request: StoreRequest): Promise<StoreVerdict> {
    if (this.isOpen) {
      this.#probeWhenDue();
      return this.#evaluateAlone(request);
    }
    return this.#shared.evaluate(request).then(
      (verdict) => {
        if (!this.isOpen) this.#failures = 0; // an answer to a call from before it opened proves nothing
        return verdict;
      },
      (error: unknown) => {
        this.#noteFailure(error);
        return this.#evaluateAlone(request);
      },
    );
  }

  /** @throws when the shared store cannot be reached: a reset that some processes missed is not done */
  async reset(keys: readonly string[]): Promise<void> {
    await this.#local.reset(keys);
    await this.#shared.reset(keys);
  }

  async close(): Promise<void> {
    await Promise.all([this.#local.close(), this.#shared.close()]);
  }

  #noteFailure(error: unknown): void {
    this.#failures += 1;
    if (this.#failures !== failuresToOpen) return;
    this.#probedAtMs = this.#clock();
    this.#logger?.warn({ err: error }, "Rate limits: Redis does not answer, each process counts its share alone.");
  }

  #probeWhenDue(): void {
    if (this.#clock() - this.#probedAtMs < probeEveryMs) return;
    this.#probedAtMs = this.#clock();
    this.#shared.probe().then(
      () => {
        if (!this.isOpen) return;
        this.#failures = 0;
        this.#logger?.info({}, "Rate limits: Redis is back, limits are shared again.");
      },
      () => undefined, // still away: the next probe is a second off
    );
  }

  async #evaluateAlone(request: StoreRequest): Promise<StoreVerdict> {
    const processes = Math.max(1, this.#liveProcesses());
    const counters = request.counters.map((counter) => localShare(counter, processes));
    return { ...(await this.#local.evaluate({ ...request, counters })), isDegraded: true };
  }
}

/** What one of several processes may admit alone: its part, at least one; of a strict limit never over 5 a minute. */
function localShare(counter: Counter, processes: number): Counter {
  const part = Math.max(1, Math.floor(counter.capacity / processes));
  if (counter.kind !== "bucket") {
    const strictMax = Math.max(1, Math.floor((strictPerMinute * counter.windowMs) / 60_000));
    return { ...counter, capacity: counter.isStrict ? Math.min(part, strictMax) : part };
  }
  const perToken = counter.perToken * processes;
  if (!counter.isStrict) return { ...counter, capacity: part, perToken };
  const msPerToken = Math.max(60_000 / strictPerMinute, Math.ceil(perToken / counter.perMs));
  return { ...counter, capacity: Math.min(part, strictPerMinute), perMs: 1, perToken: msPerToken };
}
