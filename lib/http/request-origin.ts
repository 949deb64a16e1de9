import { type RequestOrigin, readOrigin } from "#lib/core/request-origin";

/** Where a request came from, and what it is called in answers and records. */
export interface Origin extends RequestOrigin {
  /** The path as the client sent it, without the query. */
  path: string;
  /** `performance.now()` when it was taken up, for its latency. */
  startedAtMs: number;
}

/** Reads what the edge wrote into the request. */
export function originOf(request: Request, now: Date): Origin {
  const path = request.headers.get("x-portico-sent-path") ?? new URL(request.url).pathname;
  return { ...readOrigin(request.headers, now), path, startedAtMs: performance.now() };
}
