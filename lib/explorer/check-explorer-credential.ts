import { type AppError, isAppError } from "#lib/core/errors";
import { verifyToken } from "#lib/identity/tokens";
import { judgeKeyClaims } from "#lib/keys/judge-key-claims";
import { orUnavailable, unknownKey, type VerifiedKey } from "#lib/keys/verify-api-key";

/**
 * The key that somebody tries in the explorer, if it may call now, from where they sit; else the refusal, returned, as `checkApiKey`.
 * It stands in X-API-Key, so what is no such credential is answered as any unknown key is (rules R9).
 */
export async function checkExplorerCredential(token: string, now: Date): Promise<VerifiedKey | AppError> {
  const claims = await verifyToken("explorer", token, now).catch(unknownIfRefused);
  if (isAppError(claims)) return claims;
  const { userId, ipAddress } = claims;
  const verdict = await orUnavailable(judgeKeyClaims(claims, ipAddress, now));
  return isAppError(verdict) ? verdict : { ...verdict, triedBy: { userId, ipAddress } };
}

function unknownIfRefused(error: unknown) {
  if (isAppError(error)) return unknownKey();
  throw error;
}
