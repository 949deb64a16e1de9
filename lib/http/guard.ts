import { toErrorAnswer } from "#lib/core/error-answer";
import { AppError, errorCatalogue, isAppError, withHeaders } from "#lib/core/errors";
import { authenticate } from "#lib/http/authenticate";
import { encodeTrace, traceHeader, traceOfGuard } from "#lib/http/call-trace";
import { checksOfCaller, limitsHeader } from "#lib/http/caller-limits";
import { endpoints } from "#lib/http/contracts";
import { errorFormatOf } from "#lib/http/error-format";
import { type EndpointMatch, endpointMatcher } from "#lib/http/match-endpoint";
import { type Caller, recordCall } from "#lib/http/record-call";
import { type Origin, originOf } from "#lib/http/request-origin";
import { refusedKey } from "#lib/keys/verify-api-key";
import { isDatabaseDown } from "#lib/platform/database-errors";
import { runtime } from "#lib/platform/runtime";
import { consumeLimits, type LimitsDecision } from "#lib/rate-limits/consume-limits";
import { checksOfAddress, checksOfBadCredentials, checksOfRefusedKey, guardTag } from "#lib/rate-limits/guard-limits";
import { rateLimitError, rateLimitHeaders } from "#lib/rate-limits/rate-limit-headers";

/** What the middleware does with a request: answer it, or let it pass with what it tells `handle` in request headers. */
export type Guarded = { refusal: Response } | { passOn: Record<string, string> };

const matchEndpoint = endpointMatcher(endpoints);

/**
 * The lock in front of every management path: who is calling, is there such an operation, and are they within their limits.
 * Answers 401, 403, 404, 405, 429 and 503 itself. `handle` authenticates again: this is never the only lock.
 */
export async function guard(request: Request): Promise<Guarded> {
  const origin = originOf(request, new Date());
  const caller: Caller = { authenticated: null, requestBytes: 0 };
  const match = matchEndpoint(request.method, new URL(request.url).pathname);
  let decision: LimitsDecision | undefined;
  try {
    decision = await countCall(request, origin, caller, match);
    if (!decision.admitted) throw rateLimitError(decision);
    requireOperation(match);
    return {
      passOn: {
        [limitsHeader]: JSON.stringify(rateLimitHeaders(decision)),
        [traceHeader]: encodeTrace(traceOfGuard(caller.authenticated, decision)),
      },
    };
  } catch (error) {
    return { refusal: await refuse(error, { request, origin, caller, match, decision }) };
  }
}

/** Finds out who calls, and counts the call against their limits: an address's where nobody has to say who they are. */
async function countCall(
  request: Request,
  origin: Origin,
  caller: Caller,
  match: EndpointMatch | undefined,
): Promise<LimitsDecision> {
  const { limiter } = runtime();
  if (match?.endpoint?.permission === "public")
    return consumeLimits(limiter, guardTag, checksOfAddress(origin.ipAddress));
  try {
    caller.authenticated = await authenticate(request.headers, origin.ipAddress, origin.now);
  } catch (error) {
    throw await countRefused(error, request, origin);
  }
  return consumeLimits(limiter, caller.authenticated.actor.tenantId, checksOfCaller(caller.authenticated));
}

/**
 * A call refused for its credential counts against where it came from; more strictly when the credential is unknown, because
 * that may be a guess. Not against the key it names: its owner would be told to wait, and not that it was revoked. Returns the
 * refusal with the limit's headers, or the 429 that replaces it.
 */
async function countRefused(error: unknown, { headers }: Request, origin: Origin): Promise<unknown> {
  if (!isAppError(error) || errorCatalogue[error.code].status >= 500) return error; // nobody can tell yet who that was
  const checks = checksOfRefused(error, headers, origin.ipAddress);
  const decision = await consumeLimits(runtime().limiter, guardTag, checks);
  return decision.admitted ? withHeaders(error, rateLimitHeaders(decision)) : rateLimitError(decision, error);
}

function checksOfRefused(error: AppError, headers: Headers, ipAddress: string) {
  if (refusedKey(error)) return checksOfRefusedKey(ipAddress);
  const isGuess = headers.has("x-api-key") || headers.has("authorization");
  return isGuess ? checksOfBadCredentials(ipAddress) : checksOfAddress(ipAddress);
}

function requireOperation(match: EndpointMatch | undefined): void {
  if (!match) throw new AppError("NOT_FOUND", "There is no such operation.");
  if (!match.endpoint) {
    const allow = match.allow.join(", ");
    throw new AppError("METHOD_NOT_ALLOWED", `This path takes ${allow}.`, { headers: { allow } });
  }
}

interface Refused {
  request: Request;
  origin: Origin;
  caller: Caller;
  match: EndpointMatch | undefined;
  decision: LimitsDecision | undefined;
}

async function refuse(error: unknown, { request, origin, caller, match, decision }: Refused): Promise<Response> {
  const known = isDatabaseDown(error)
    ? new AppError("AUTH_BACKEND_UNAVAILABLE", "Credentials cannot be checked right now. They may be good: retry.", {
        retryAfterSeconds: 2,
        cause: error,
      })
    : error;
  const answer = toErrorAnswer(errorFormatOf(new URL(request.url).pathname, match?.endpoint), known, origin);
  if (answer.status >= 500)
    runtime().logger.error(
      { err: error, request_id: origin.requestId, path: origin.path },
      "a management request failed",
    );
  const body = JSON.stringify(answer.body);
  const trace = traceOfGuard(caller.authenticated, decision, known);
  await recordCall({
    endpoint: match?.endpoint,
    origin,
    caller,
    request,
    status: answer.status,
    body,
    errorCode: answer.errorCode,
    error,
    trace,
  });
  const headers = new Headers(decision && rateLimitHeaders(decision));
  for (const [name, value] of Object.entries({ "cache-control": "no-store", ...answer.headers }))
    headers.set(name, value);
  return new Response(request.method === "HEAD" ? null : body, { status: answer.status, headers });
}
