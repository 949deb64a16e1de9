import { invalidToken, type KeyClaims } from "#lib/identity/tokens";
import type { KeySecrets } from "#lib/keys/key-caches";
import { hasGoodSecret, judgeKey, type KeyVerdict } from "#lib/keys/verify-api-key";
import { runtime } from "#lib/platform/runtime";

/**
 * The key that a verified token was made from, if it may call now from this address. Read live: a token is refused (TOKEN_INVALID)
 * once its secret of the key was replaced for good, and for whatever the key itself would be refused for.
 */
export function judgeKeyClaims(claims: KeyClaims, ipAddress: string, now: Date): KeyVerdict {
  const found = runtime().apiKeysById.get(claims.keyId);
  const judge = (key: KeySecrets | undefined) => judgeSecrets(key, claims, ipAddress, now);
  return found instanceof Promise ? found.then(judge) : judge(found);
}

function judgeSecrets(key: KeySecrets | undefined, claims: KeyClaims, ipAddress: string, now: Date): KeyVerdict {
  if (!key || key.current.accountId !== claims.subject) return invalidToken();
  const { current, previous } = key;
  const secret = [current, previous].find((one) => one?.generation === claims.generation);
  if (!secret || !hasGoodSecret(secret, now)) return invalidToken(undefined, current);
  return judgeKey(secret, ipAddress, now);
}
