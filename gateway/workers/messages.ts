import type { MetricJson } from "#lib/platform/metrics";

/** What a gateway worker says to the process that supervises it. */
export type FromWorker =
  /** It serves. */
  | { type: "ready" }
  /** It could not start, and why, in a sentence for people. */
  | { type: "failed"; reason: string }
  /** It is stopping, whoever told it so: it is to be given no more connections. */
  | { type: "leaving" }
  /** Whether it serves the connection it was given; said before it reads from it. */
  | { type: "connection"; id: number; isTaken: boolean }
  /** What it counted. `id` is that of the question; none: its last word. */
  | { type: "metrics"; id?: number; metrics: MetricJson[] };

/** What it is told; to stop, by SIGTERM, as any process. */
export type ToWorker =
  /** Comes with a socket. */
  { type: "connection"; id: number } | { type: "read metrics"; id: number };
