/** When and from where a request came, as the edge (`gateway/admit.ts`) established it. */
export interface Origin {
  /** The path as the client sent it, without the query. */
  path: string;
  requestId: string;
  ipAddress: string;
  userAgent: string | null;
  /** The host name asked for, which chooses the tenant of a sign-up. */
  host: string;
  now: Date;
  /** `performance.now()` when it was taken up, for its latency. */
  startedAtMs: number;
}

const userAgentMax = 300;

/** Reads what the edge wrote into the request. The edge removed every client copy of these headers first. */
export function originOf(request: Request, now: Date): Origin {
  const { headers } = request;
  return {
    path: headers.get("x-portico-sent-path") ?? new URL(request.url).pathname,
    requestId: headers.get("x-request-id") ?? "req_unknown",
    ipAddress: headers.get("x-real-ip") ?? "0.0.0.0",
    userAgent: headers.get("user-agent")?.slice(0, userAgentMax) ?? null,
    host: headers.get("host") ?? "",
    now,
    startedAtMs: performance.now(),
  };
}
