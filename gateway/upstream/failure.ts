import { AppError } from "#lib/core/errors";

/** Nothing of the request has reached a server: no free target, no connection. */
export function unavailable(detail: string, cause?: unknown): AppError {
  return new AppError("UPSTREAM_UNAVAILABLE", detail, { cause });
}

export function timedOut(detail: string, cause?: unknown): AppError {
  return new AppError("UPSTREAM_TIMEOUT", detail, { cause });
}

export function unusable(detail: string, cause?: unknown): AppError {
  return new AppError("UPSTREAM_ERROR", detail, { cause });
}

/** What undici or a socket reported, as the caller hears of it. Addresses stay in the cause, which is logged, not sent. */
export function failureOf(cause: unknown, wasSent: boolean): AppError {
  const code = codeOf(cause);
  if (code === "UND_ERR_HEADERS_TIMEOUT") return timedOut("The service did not begin its answer in time.", cause);
  if (code === "UND_ERR_INVALID_ARG") return unusable("The request cannot be passed on to the service.", cause);
  if (!wasSent) return unavailable("The service cannot be reached.", cause);
  if (isReset(cause)) return unusable("The service closed the connection before its answer was complete.", cause);
  return unusable("The service gave an answer that is not HTTP.", cause);
}

/** True when the peer closed the connection, in whatever way. */
export function isReset(cause: unknown): boolean {
  const code = codeOf(cause);
  return code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE";
}

function codeOf(cause: unknown): unknown {
  return typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;
}
