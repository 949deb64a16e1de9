import { CalendarDays } from "#lib/rate-limits/calendar-days";
import type { Counter } from "#lib/rate-limits/counter";
import type { CounterReading, LimitStore, StoreRequest, StoreVerdict } from "#lib/rate-limits/limit-store";
import { type CounterState, type CounterView, viewCounter, weightOf } from "#lib/rate-limits/memory-counters";

interface MemoryOptions {
  /** Epoch milliseconds; by default they never run backwards. */
  readonly clock?: () => number;
  /** How far the clock may run back without a counter being forgotten for it. */
  readonly slackMs?: number;
  /** Numbers kept over all counters, 8 bytes each and some: about 100 MB by default, in practice a fraction. */
  readonly numbersMax?: number;
}

interface Entry {
  readonly state: CounterState;
  readonly expiresAtMs: number;
  readonly weight: number;
}

/** The process's own clock, immune to a change of the system's. */
const steadyClock = () => Math.floor(performance.timeOrigin + performance.now());

/**
 * The limiter of one process: used without Redis, while Redis is away, and by tests as the reference of `limitScript`.
 * Memory is bounded: each take looks at a few counters and drops the expired; at the bound the longest unused goes.
 */
export class MemoryLimitStore implements LimitStore {
  readonly #entries = new Map<string, Entry>();
  readonly #days = new CalendarDays();
  readonly #clock: () => number;
  readonly #slackMs: number;
  readonly #numbersMax: number;
  #numbers = 0;
  #sweep: Iterator<[string, Entry]> | undefined;

  constructor({ clock = steadyClock, slackMs = 1000, numbersMax = 5_000_000 }: MemoryOptions = {}) {
    this.#clock = clock;
    this.#slackMs = slackMs;
    this.#numbersMax = numbersMax;
  }

  /** Counters held now. */
  get size(): number {
    return this.#entries.size;
  }

  async evaluate({ counters, cost, mode }: StoreRequest): Promise<StoreVerdict> {
    const nowMs = this.#clock();
    const rows = counters.map((counter) => {
      const view = viewCounter(counter, this.#entries.get(counter.key)?.state, nowMs, this.#days);
      return { counter, view, isOpen: view.used + cost <= counter.capacity };
    });
    const isAdmitted = rows.every(({ counter, isOpen }) => isOpen || counter.isShadow);
    const readings = rows.map(({ counter, view, isOpen }) => {
      const isTaken = mode === "take" && isAdmitted && isOpen;
      const readyAtMs = isOpen ? nowMs : readyAt(counter, view, view.used, cost, nowMs);
      const before = view.used;
      if (isTaken) this.#keep(counter.key, view.take(cost));
      else if (mode === "take") this.#touch(counter.key);
      return reading(counter, view, { isOpen, readyAtMs, nowMs, used: isTaken ? before + cost : before });
    });
    if (mode === "take") this.#sweepSome(2 * counters.length, nowMs);
    return { nowMs, isAdmitted, isDegraded: false, readings };
  }

  async reset(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#drop(key);
  }

  async close(): Promise<void> {
    this.#entries.clear();
    this.#numbers = 0;
  }

  #keep(key: string, { state, expiresAtMs }: { state: CounterState; expiresAtMs: number }): void {
    this.#drop(key); // and set again below: the order of the map is the order of use
    const weight = weightOf(state);
    this.#entries.set(key, { state, expiresAtMs, weight });
    this.#numbers += weight;
    while (this.#numbers > this.#numbersMax) {
      const oldest = this.#entries.keys().next();
      if (oldest.done || oldest.value === key) return;
      this.#drop(oldest.value);
    }
  }

  /** A full counter that is asked again and again is the last one to forget. */
  #touch(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
  }

  #drop(key: string): void {
    this.#numbers -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }

  /** A few counters on each take, round and round: more than the take can add, so the expired never pile up. */
  #sweepSome(steps: number, nowMs: number): void {
    for (let looked = 0; looked < steps; looked++) {
      this.#sweep ??= this.#entries.entries();
      const step = this.#sweep.next();
      if (step.done) {
        this.#sweep = undefined;
        return;
      }
      if (step.value[1].expiresAtMs <= nowMs - this.#slackMs) this.#drop(step.value[0]);
    }
  }
}

function readyAt(counter: Counter, view: CounterView, used: number, need: number, nowMs: number): number {
  if (need > counter.capacity) return nowMs + counter.windowMs;
  return used + need <= counter.capacity ? nowMs : view.readyAtMs(need);
}

function reading(
  counter: Counter,
  view: CounterView,
  found: { isOpen: boolean; readyAtMs: number; nowMs: number; used: number },
): CounterReading {
  const { isOpen, readyAtMs, nowMs, used } = found;
  const isEmpty = used >= counter.capacity && counter.kind !== "fixed";
  const resetAtMs = isEmpty ? readyAt(counter, view, used, 1, nowMs) : view.fullAtMs;
  return { isOpen, capacity: counter.capacity, used, readyAtMs, resetAtMs };
}
