import type { Counter } from "#lib/rate-limits/counter";

/** A call that was admitted: when, and what it cost. */
interface Admitted {
  readonly atMs: number;
  readonly cost: number;
}

/**
 * What a counter may and must do, told naively from the list of everything it ever admitted: no clean-up, no caches,
 * big integers for the bucket. Written from the rules, not from the stores; tests compare the stores with it.
 */
export class LimitOracle {
  readonly #counter: Counter;
  readonly #admitted: Admitted[] = [];

  constructor(counter: Counter) {
    this.#counter = counter;
  }

  admit(atMs: number, cost: number): void {
    this.#admitted.push({ atMs, cost });
  }

  /** Calls counted at an instant: exact but for slices, where it is the least that must be counted. */
  used(atMs: number): number {
    const counter = this.#counter;
    if (counter.kind === "fixed") {
      const window = (ms: number) => Math.floor(ms / counter.windowMs);
      return this.#costWhere((ms) => window(ms) === window(atMs));
    }
    if (counter.kind === "bucket") return counter.capacity - Number(this.#levelAt(atMs) / BigInt(counter.perToken));
    return this.#costWhere((ms) => ms > atMs - counter.windowMs);
  }

  /** The most that may be counted: a slice's age is known to the length of a slice. */
  usedAtMost(atMs: number): number {
    const counter = this.#counter;
    if (counter.kind !== "slices") return this.used(atMs);
    return this.#costWhere((ms) => ms > atMs - counter.windowMs - counter.sliceMs);
  }

  #costWhere(isCounted: (atMs: number) => boolean): number {
    return this.#admitted.filter(({ atMs }) => isCounted(atMs)).reduce((sum, { cost }) => sum + cost, 0);
  }

  /** Replays the bucket from its beginning. */
  #levelAt(atMs: number): bigint {
    const counter = this.#counter;
    if (counter.kind !== "bucket") throw new Error("Only a bucket has a level.");
    const size = BigInt(counter.capacity) * BigInt(counter.perToken);
    let level = size;
    let since = 0;
    const refill = (untilMs: number) => {
      level += BigInt(untilMs - since) * BigInt(counter.perMs);
      if (level > size) level = size;
      since = untilMs;
    };
    for (const { atMs: takenAtMs, cost } of this.#admitted) {
      refill(takenAtMs);
      level -= BigInt(cost) * BigInt(counter.perToken);
    }
    refill(atMs);
    return level;
  }
}
