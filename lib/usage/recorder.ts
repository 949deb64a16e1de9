import type { UsageEvent } from "#lib/usage/event";

/** `counted`: the event has no row of its own but is in the sums. `dropped`: the spool is full; it is counted once there is room. */
export type Recorded = "kept" | "counted" | "dropped";

/**
 * Takes down every request of this process, durably before its answer ends. All requests of one event-loop turn share one
 * write and one promise: `await recorder.record(event)`, then send.
 */
export interface UsageRecorder {
  /** Resolves when the event is written (kill -9 no longer loses it). Never rejects. */
  record(event: UsageEvent): Promise<Recorded>;
  /** For refusals of callers nobody knows, of which there may be any number: some become rows, the rest one count each turn. */
  countRefusal(event: UsageEvent): Promise<Recorded>;
  /** False while the spool is full: calls that must not go unrecorded (paid, hard quota) are then refused with 503 (rules R29). */
  accepts(): boolean;
  /** Resolves when everything written before has reached PostgreSQL, or after `timeoutMs`: reports read right after call this. */
  shipped(timeoutMs: number): Promise<void>;
}

declare module "#lib/platform/runtime" {
  interface Runtime {
    usage: UsageRecorder;
  }
}
