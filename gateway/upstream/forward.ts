import type { IncomingMessage, ServerResponse } from "node:http";
import type { PromptHeads } from "#gateway/upstream/answer";
import type { Connections } from "#gateway/upstream/connections";
import { Exchange } from "#gateway/upstream/exchange";
import type { AppError } from "#lib/core/errors";

/** One instance of a service. */
export interface Target {
  readonly id: string | null;
  /** Its name, or its origin where it has none: for those who read about the call. */
  readonly name: string;
  /** https://host:port */
  readonly origin: string;
  /** What stands before every forwarded path: "" or "/base". */
  readonly pathPrefix: string;
  readonly connections: Connections;
  readonly isFree: boolean;
  /** Requests under way. Who counts one in counts it out again. */
  inFlight: number;
}

/** One service. Kept by its id while the configuration changes, so that connections and counters live on. */
export interface Upstream {
  readonly serviceId: string;
  readonly size: number;
  readonly responseTimeoutMs: number;
  readonly totalTimeoutMs: number | null;
  readonly heads: PromptHeads;
  /** A target below its limit, rather not `except`; undefined: none is free. */
  next(except?: Target): Target | undefined;
}

/** A request as it is to reach the upstream. */
export interface Outgoing {
  readonly method: string;
  /** With its query, without the target's prefix. */
  readonly path: string;
  /** Flat names and values, final: without those of the client's connection, without Host, Content-Length and Expect. */
  readonly headers: readonly string[];
  /** Null when the request has none. */
  readonly body: IncomingMessage | null;
}

/** How it went. */
export interface Outcome {
  readonly kind: "answered" | "broke" | "client_left" | "failed";
  /** What the client got or would have got; 499 when it left before a head. */
  readonly status: number;
  /** Of `failed`: UPSTREAM_ERROR 502, UPSTREAM_UNAVAILABLE 503, UPSTREAM_TIMEOUT 504; of `broke`: why. */
  readonly error: AppError | null;
  readonly attempts: number;
  /** The name of the last target tried. */
  readonly target: string | null;
  /** From the request's last byte to the answer's head. */
  readonly upstreamUs: number | null;
  /** Of the bodies, as they went. */
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** The other half of an exchange: what the client is told, and who writes down that it was. */
export interface Delivery {
  /**
   * Once, when the answer's head is about to be sent; never before an outcome of `failed`. Takes the upstream's headers
   * (flat, those of its connection already gone; the array may be changed) and returns the client's.
   */
  head(status: number, headers: string[]): string[];
  /**
   * Once, before the answer's last byte leaves; resolves when the call is recorded. After `failed` nothing was sent, and
   * the error is for the caller to answer.
   */
  ended(outcome: Outcome): Promise<unknown>;
}

/**
 * Passes a request on to a target of `upstream` and its answer back, both as they come, neither faster than the other
 * side takes them. Tried again at most once, where nothing can have happened twice.
 */
export function forward(
  req: IncomingMessage,
  res: ServerResponse,
  upstream: Upstream,
  outgoing: Outgoing,
  delivery: Delivery,
): void {
  new Exchange(req, res, upstream, outgoing, delivery).begin();
}
