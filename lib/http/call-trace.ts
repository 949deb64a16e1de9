import { type ErrorCode, isAppError } from "#lib/core/errors";
import { toProblem } from "#lib/core/problem";
import type { Authenticated } from "#lib/http/authenticate";
import { isForeignOrigin } from "#lib/http/csrf";
import type { Origin } from "#lib/http/request-origin";
import type { LimitsDecision } from "#lib/rate-limits/consume-limits";
import { decide } from "#lib/usage/decision-codes";
import { traceAcceptedKey, traceLimits, traceRefusal } from "#lib/usage/trace-decisions";

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
  else if (isAppError(error)) traceRefusal(trace, error);
  if (limits) traceLimits(trace, limits);
  else if (isAppError(error) && error.code === "RATE_LIMIT_EXCEEDED")
    decide(trace, "guesses_exhausted", error.extras.retryAfterSeconds ?? 1); // no limits of a caller: the guard against guessing
  return trace;
}

function traceAccepted(trace: number[], { actor, key }: Authenticated): void {
  if (key) {
    traceAcceptedKey(trace, key);
    return;
  }
  decide(trace, actor.via === "session" ? "session_accepted" : "user_token_accepted");
  decide(trace, "account_active");
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
