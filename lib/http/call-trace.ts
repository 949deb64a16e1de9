import { type AppError, type ErrorCode, isAppError } from "#lib/core/errors";
import { toProblem } from "#lib/core/problem";
import type { Authenticated } from "#lib/http/authenticate";
import { isForeignOrigin } from "#lib/http/csrf";
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
  else if (isAppError(error)) traceRefused(trace, refusalBehind(error));
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

/** A 429 of the guard stands in for the refusal that was one too many. */
function refusalBehind(error: AppError): AppError {
  const { cause } = error.extras;
  return error.code === "RATE_LIMIT_EXCEEDED" && isAppError(cause) ? cause : error;
}

function traceRefused(trace: number[], error: AppError): void {
  const { code } = error;
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

interface TracedAnswer {
  status: number;
  error?: unknown;
  isReplayed?: boolean;
}

/** The whole trace of a request that reached `handle`: the middleware's part, then permission, input, idempotency, execution. */
export function traceOfAnswer(request: Request, answer: TracedAnswer, origin: Origin): number[] {
  const sent = (request.headers.get(traceHeader) ?? "").split(",").filter(Boolean);
  const trace = sent.map(Number).filter(Number.isSafeInteger);
  if (answer.error === undefined) traceExecuted(trace, answer);
  else traceFailed(trace, answer, origin);
  return trace;
}

function traceExecuted(trace: number[], { status, isReplayed }: TracedAnswer): void {
  decide(trace, "permission_granted");
  decide(trace, "input_valid");
  if (isReplayed) decide(trace, "replayed");
  decide(trace, "executed", status);
}

const unreadable: readonly ErrorCode[] = ["BAD_REQUEST", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"];
const notOnce: readonly ErrorCode[] = ["IDEMPOTENCY_CONFLICT", "IDEMPOTENCY_MISMATCH"];

function traceFailed(trace: number[], { status, error }: TracedAnswer, origin: Origin): void {
  const { error_code: code, errors } = toProblem(error, origin).body;
  if (code === "PERMISSION_DENIED") {
    decide(trace, isForeignOrigin(error) ? "origin_refused" : "permission_missing");
    return;
  }
  decide(trace, "permission_granted");
  if (code === "VALIDATION_FAILED") decide(trace, "input_invalid", errors?.length ?? 0);
  else if (unreadable.includes(code)) decide(trace, "input_unreadable");
  else if (notOnce.includes(code)) decide(trace, "idempotency_refused");
  else decide(trace, "failed", status);
}
