import { type ErrorCode, isAppError } from "#lib/core/errors";
import { toProblem } from "#lib/core/problem";
import type { Authenticated } from "#lib/http/authenticate";
import type { Origin } from "#lib/http/request-origin";
import { refusedKey } from "#lib/keys/verify-api-key";
import type { LimitsDecision } from "#lib/rate-limits/consume-limits";
import { type DecisionName, decide } from "#lib/usage/decision-codes";

/** How the middleware hands its part of the decision trace to `handle`. The edge removes a client's copy. */
export const traceHeader = "x-portico-trace";

/** The checks of the middleware, in order: who, from where, whose account, within which limits. */
export function traceOfGuard(
  authenticated: Authenticated | null,
  limits: LimitsDecision | undefined,
  error?: unknown,
): number[] {
  const trace: number[] = [];
  if (authenticated) traceAccepted(trace, authenticated);
  else if (isAppError(error)) traceRefused(trace, error.code, error);
  if (limits?.admitted) traceAdmitted(trace, limits);
  else if (isAppError(error) && error.code === "RATE_LIMIT_EXCEEDED")
    traceExceeded(trace, limits, error.extras.retryAfterSeconds ?? 1);
  return trace;
}

function traceAccepted(trace: number[], { actor, key }: Authenticated): void {
  if (key) {
    if (key.secretExpiresAt) decide(trace, "previous_secret_accepted", key.generation);
    else decide(trace, "key_accepted", key.generation);
    if (key.allowedIps.length === 0) decide(trace, "any_address_allowed");
    else decide(trace, "address_allowed", key.allowedIps.length);
  } else decide(trace, actor.via === "session" ? "session_accepted" : "user_token_accepted");
  decide(trace, "account_active");
}

const refusals: Partial<
  Record<
    ErrorCode,
    Exclude<
      DecisionName,
      | `${string}_accepted`
      | "guesses_exhausted"
      | "address_allowed"
      | "address_refused"
      | `limit${string}`
      | "input_invalid"
      | "executed"
      | "failed"
    >
  >
> = {
  API_KEY_INVALID: "key_unknown",
  API_KEY_REVOKED: "key_revoked",
  API_KEY_EXPIRED: "key_expired",
  API_KEY_DISABLED: "key_disabled",
  TOKEN_INVALID: "token_refused",
  AUTH_BACKEND_UNAVAILABLE: "authentication_unavailable",
  ACCOUNT_SUSPENDED: "account_suspended",
  TENANT_SUSPENDED: "tenant_suspended",
};

function traceRefused(trace: number[], code: ErrorCode, error: unknown): void {
  const key = refusedKey(error);
  if (code === "IP_NOT_ALLOWED" && key) {
    decide(trace, "key_accepted", key.generation);
    decide(trace, "address_refused", key.allowedIps.length);
    return;
  }
  const name = refusals[code];
  if (name) decide(trace, name);
}

function traceAdmitted(trace: number[], { binding, degraded }: LimitsDecision): void {
  if (!binding) decide(trace, "no_limit_applies");
  else
    decide(
      trace,
      degraded ? "limits_passed_degraded" : "limits_passed",
      binding.remaining,
      binding.limit,
      binding.windowSeconds,
    );
}

/** A 429 without a caller's own decision is the guard against guessing. */
function traceExceeded(trace: number[], limits: LimitsDecision | undefined, seconds: number): void {
  if (!limits?.binding) decide(trace, "guesses_exhausted", seconds);
  else decide(trace, "limit_exceeded", limits.binding.limit, limits.binding.windowSeconds, seconds);
}

export const encodeTrace = (trace: readonly number[]): string => trace.join(",");

/** The whole trace of a request that reached `handle`: the middleware's part, then permission, input, idempotency, execution. */
export function traceOfAnswer(
  request: Request,
  answer: { status: number; error?: unknown; isReplayed?: boolean },
  origin: Origin,
): number[] {
  const trace = (request.headers.get(traceHeader) ?? "")
    .split(",")
    .filter(Boolean)
    .map(Number)
    .filter(Number.isSafeInteger);
  if (answer.error === undefined) {
    decide(trace, "permission_granted");
    decide(trace, "input_valid");
    if (answer.isReplayed) decide(trace, "replayed");
    decide(trace, "executed", answer.status);
    return trace;
  }
  const { error_code: code, errors } = toProblem(answer.error, origin).body;
  if (code === "PERMISSION_DENIED") {
    decide(trace, "permission_missing");
    return trace;
  }
  decide(trace, "permission_granted");
  if (code === "VALIDATION_FAILED") decide(trace, "input_invalid", errors?.length ?? 0);
  else if (code === "BAD_REQUEST" || code === "PAYLOAD_TOO_LARGE" || code === "UNSUPPORTED_MEDIA_TYPE")
    decide(trace, "input_unreadable");
  else if (code === "IDEMPOTENCY_CONFLICT" || code === "IDEMPOTENCY_MISMATCH") decide(trace, "idempotency_refused");
  else decide(trace, "failed", answer.status);
  return trace;
}
