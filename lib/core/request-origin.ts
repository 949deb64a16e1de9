/** When and from where a request came, as the edge (`gateway/admit.ts`) established it. */
export interface RequestOrigin {
  requestId: string;
  ipAddress: string;
  userAgent: string | null;
  /** The host the client asked for, which chooses the tenant of a sign-up. Behind a trusted proxy it is not the `Host` that arrives. */
  host: string;
  now: Date;
}

const userAgentMax = 300;

/** Reads what the edge wrote into the headers. It removed every client's copy of these first. */
export function readOrigin(headers: Headers, now: Date): RequestOrigin {
  return {
    requestId: headers.get("x-request-id") ?? "req_unknown",
    ipAddress: headers.get("x-real-ip") ?? "0.0.0.0",
    userAgent: headers.get("user-agent")?.slice(0, userAgentMax) ?? null,
    host: headers.get("x-forwarded-host") ?? headers.get("host") ?? "",
    now,
  };
}
