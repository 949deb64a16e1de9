import { type AppError, isAppError } from "#lib/core/errors";
import { verifyToken } from "#lib/identity/tokens";
import { judgeKeyClaims } from "#lib/keys/judge-key-claims";
import { type KeyVerdict, orUnavailable } from "#lib/keys/verify-api-key";
import { runtime } from "#lib/platform/runtime";

/** Whether a credential has the form of a token, rather than of an API key: three parts with dots between. */
export function looksLikeToken(credential: string): boolean {
  const first = credential.indexOf(".");
  const second = credential.indexOf(".", first + 1);
  return first > 0 && second > first + 1 && second < credential.length - 1 && !credential.includes(".", second + 1);
}

/**
 * The key a partner's token was made from, if it may call now from this address; else the refusal, returned: 401 TOKEN_INVALID, also
 * when the key's secret was replaced since; then as `checkApiKey`. Only the signature is remembered, everything else is read live.
 */
export function checkPartnerToken(token: string, ipAddress: string, now: Date): KeyVerdict {
  const claims = runtime().partnerTokens.find(token, now);
  const verdict = claims ? judgeKeyClaims(claims, ipAddress, now) : verifyFirst(token, ipAddress, now);
  return orUnavailable(verdict);
}

async function verifyFirst(token: string, ipAddress: string, now: Date): Promise<Awaited<KeyVerdict>> {
  const claims = await verifyToken("partner", token, now).catch(refusalOnly);
  if (isAppError(claims)) return claims;
  runtime().partnerTokens.keep(token, claims);
  return judgeKeyClaims(claims, ipAddress, now);
}

function refusalOnly(error: unknown): AppError {
  if (isAppError(error)) return error;
  throw error;
}
