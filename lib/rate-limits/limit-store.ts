import type { Counter } from "#lib/rate-limits/counter";

export interface StoreRequest {
  /** All of one tag. Those that are not shadows are taken together or not at all. */
  readonly counters: readonly Counter[];
  readonly cost: number;
  /** "peek" answers as "take" would and changes nothing. */
  readonly mode: "take" | "peek";
}

export interface CounterReading {
  /** Whether this counter had room for the cost. */
  readonly isOpen: boolean;
  /** What was enforced: less than asked when a process enforces its share alone. */
  readonly capacity: number;
  /** Counted so far, this call included if it was taken. */
  readonly used: number;
  /** When the cost would fit if nobody else called; the time of the reading when it does. */
  readonly readyAtMs: number;
  /** Fixed window: its end. Otherwise when one more fits if none does, else when the counter is full again (R16). */
  readonly resetAtMs: number;
}

export interface StoreVerdict {
  /** The store's clock, epoch milliseconds; every instant of the readings is of the same clock. */
  readonly nowMs: number;
  readonly isAdmitted: boolean;
  /** Decided by this process alone because the shared store did not answer. */
  readonly isDegraded: boolean;
  /** In the order of the request's counters. */
  readonly readings: readonly CounterReading[];
}

/** Where counters live. Each call is one atomic decision over all of its counters. */
export interface LimitStore {
  evaluate(request: StoreRequest): Promise<StoreVerdict>;
  /** Forgets counters: their subjects start with full limits. */
  reset(keys: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

declare module "#lib/platform/runtime" {
  interface Runtime {
    limiter: LimitStore;
  }
}
