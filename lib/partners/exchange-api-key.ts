import type { OutputOf } from "#lib/core/endpoint";
import { AppError, errorCatalogue, isAppError, withHeaders } from "#lib/core/errors";
import type { RequestOrigin } from "#lib/core/request-origin";
import { signToken } from "#lib/identity/tokens";
import { checkApiKey, refusedKey } from "#lib/keys/verify-api-key";
import type { exchangeApiKey as contract } from "#lib/partners/contract";
import { findCallableServices } from "#lib/partners/repository";
import { inTenant } from "#lib/platform/db";
import { runtime } from "#lib/platform/runtime";
import { consumeLimits } from "#lib/rate-limits/consume-limits";
import { checksOfBadCredentials, checksOfRefusedKey, guardTag } from "#lib/rate-limits/guard-limits";
import { legacyRatesOf } from "#lib/rate-limits/legacy-rates";
import { rateLimitError, rateLimitHeaders } from "#lib/rate-limits/rate-limit-headers";

/**
 * A token for gateway routes from any active key (rules R13). It says which key and which of its secrets, and no more: services,
 * limits and state are read live, so what it is answered with here describes this moment. Throws API_KEY_INVALID for every key that
 * is not good, 403 for a good one that may not be used from here or whose owner is suspended, RATE_LIMIT_EXCEEDED for guesses.
 */
export async function exchangeApiKey(
  { ipAddress, now }: RequestOrigin,
  body: { api_key: string },
): Promise<OutputOf<typeof contract>> {
  const key = await checkApiKey(body.api_key, ipAddress, now);
  if (isAppError(key)) throw await countRefused(key, ipAddress);
  const { tenantId, accountId, id: keyId, generation } = key;
  const lifetimeSeconds = runtime().env.PARTNER_JWT_TTL;
  const services = await inTenant({ tenantId, reach: accountId }, (db) => findCallableServices(db, key));
  return {
    access_token: await signToken("partner", { subject: accountId, keyId, generation }, lifetimeSeconds, now),
    token_type: "bearer",
    expires_in: lifetimeSeconds,
    partner_id: key.accountNumber,
    partner_name: key.accountName,
    allowed_services: services.map(({ name }) => name),
    rate_limit: legacyRatesOf(key.limits).rate_limit_per_minute,
  };
}

/** Counted as the guard counts bad credentials elsewhere: here they come in the body, where it does not look. */
async function countRefused(error: AppError, ipAddress: string): Promise<AppError> {
  const { status } = errorCatalogue[error.code];
  if (status >= 500) return error;
  const checks = refusedKey(error) ? checksOfRefusedKey(ipAddress) : checksOfBadCredentials(ipAddress);
  const decision = await consumeLimits(runtime().limiter, guardTag, checks);
  if (!decision.admitted) return rateLimitError(decision, error);
  return withHeaders(status === 401 ? invalidKey(error) : error, rateLimitHeaders(decision));
}

/** Whether a key was revoked, or never existed, is not said to somebody who has nothing but the key. */
function invalidKey(cause: AppError): AppError {
  const message = "Invalid API key";
  return new AppError("API_KEY_INVALID", message, { partnerMessage: message, about: cause.extras.about, cause });
}
