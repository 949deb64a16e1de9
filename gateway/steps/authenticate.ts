import type { CompiledRoute } from "#gateway/compile";
import type { Exchange, Step, Verdict } from "#gateway/exchange";
import type { Head } from "#gateway/head";
import { AppError, errorCatalogue, isAppError, withHeaders } from "#lib/core/errors";
import { checkExplorerCredential } from "#lib/explorer/check-explorer-credential";
import { invalidToken } from "#lib/identity/tokens";
import { checkApiKey, refusedKey, unknownKey, type VerifiedKey } from "#lib/keys/verify-api-key";
import { checkPartnerToken, looksLikeToken } from "#lib/partners/check-partner-token";
import { runtime } from "#lib/platform/runtime";
import { consumeLimits } from "#lib/rate-limits/consume-limits";
import {
  checksOfBadCredentials,
  checksOfKeylessCall,
  checksOfRefusedKey,
  guardTag,
} from "#lib/rate-limits/guard-limits";
import { rateLimitError, rateLimitHeaders } from "#lib/rate-limits/rate-limit-headers";
import { decide } from "#lib/usage/decision-codes";
import { traceAcceptedKey, traceRefusal } from "#lib/usage/trace-decisions";

interface Credential {
  readonly kind: "api_key" | "partner_token";
  readonly text: string;
  readonly header: "x-api-key" | "authorization";
}

/** Finds out who calls, by any credential the route takes. Refused ones count against where they came from (K11). */
export const authenticate: Step = {
  name: "authenticate",
  refusals: [401, 403, 429, 503],
  compile(route) {
    const { accept } = route;
    // What such a route is sent is the upstream's business, Authorization too.
    if (accept.size === 1 && accept.has("anonymous")) return (exchange) => admitAnonymous(exchange);
    return (exchange) => {
      const credential = readCredential(exchange.admission.head);
      if (isAppError(credential)) return refuse(exchange, credential);
      if (credential === undefined)
        return accept.has("anonymous") ? admitAnonymous(exchange) : refuse(exchange, unknownKey());
      exchange.credential = credential.header;
      const found = accept.has(credential.kind) ? check(credential, exchange) : wrongKind(route);
      return found instanceof Promise
        ? found.then((key) => conclude(exchange, credential, key))
        : conclude(exchange, credential, found);
    };
  },
};

function admitAnonymous({ trace }: Exchange): undefined {
  decide(trace, "anonymous_accepted");
}

const bearer = /^Bearer +(\S+)$/i;

/** `X-API-Key`, or `Authorization: Bearer` with a key or a token; the first of them that is there. */
function readCredential({ apiKey, authorization }: Head): Credential | AppError | undefined {
  if (apiKey !== undefined) return { kind: "api_key", text: apiKey, header: "x-api-key" };
  if (authorization === undefined) return undefined;
  const text = bearer.exec(authorization)?.[1];
  if (text === undefined)
    return new AppError("TOKEN_INVALID", "The Authorization header must be: Bearer, a space, and one token.");
  return { kind: looksLikeToken(text) ? "partner_token" : "api_key", text, header: "authorization" };
}

function wrongKind({ accept }: CompiledRoute): AppError {
  const wanted = accept.has("api_key") ? "an API key" : "a token from /auth/token";
  return new AppError("TOKEN_INVALID", `This route takes ${wanted}.`);
}

function check({ kind, text }: Credential, { admission, occurredAtMs }: Exchange) {
  const now = new Date(occurredAtMs);
  const { address } = admission.origin;
  if (kind === "partner_token") return checkPartnerToken(text, address, now);
  return looksLikeToken(text) ? checkExplorerCredential(text, now) : checkApiKey(text, address, now);
}

function conclude(exchange: Exchange, { kind }: Credential, found: VerifiedKey | AppError): Verdict | Promise<Verdict> {
  const key = isAppError(found) ? refusedKey(found) : found;
  // Another tenant's is a stranger here, and looks like one that never was.
  if (key && key.tenantId !== exchange.route.tenantId)
    return refuse(exchange, kind === "partner_token" ? invalidToken() : unknownKey());
  exchange.key = key ?? null;
  if (isAppError(found)) return refuse(exchange, found);
  traceAcceptedKey(exchange.trace, found, kind);
  return undefined;
}

/**
 * The refusal with the guard's limit headers, or the 429 that replaces it. It does not count against the key it names: its owner
 * would be told to wait, and not that it was revoked.
 */
async function refuse(exchange: Exchange, error: AppError): Promise<AppError> {
  if (exchange.credential === null && error.code === "API_KEY_INVALID") decide(exchange.trace, "credential_missing");
  else traceRefusal(exchange.trace, error);
  if (errorCatalogue[error.code].status >= 500) return error; // nobody can tell yet who that was
  const decision = await consumeLimits(runtime().limiter, guardTag, guardChecks(exchange));
  if (decision.admitted) return withHeaders(error, rateLimitHeaders(decision));
  decide(exchange.trace, "guesses_exhausted", decision.retryAfterSeconds ?? 1);
  return rateLimitError(decision, error);
}

function guardChecks({ key, credential, admission }: Exchange) {
  const { address } = admission.origin;
  if (key) return checksOfRefusedKey(address);
  return credential === null ? checksOfKeylessCall(address) : checksOfBadCredentials(address);
}
