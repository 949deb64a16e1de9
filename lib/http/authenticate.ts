import type { Actor } from "#lib/core/actor";
import { AppError } from "#lib/core/errors";
import { type Credential, readCredential } from "#lib/http/credentials";
import { authenticateBrowserSession, authenticateUserJwt } from "#lib/identity/authenticate-user";
import { actorOfKey } from "#lib/keys/actor-of-key";
import { type VerifiedKey, verifyApiKey } from "#lib/keys/verify-api-key";

/** Somebody who proved who they are; `key` when by an API key. */
export interface Authenticated {
  actor: Actor;
  key: VerifiedKey | null;
}

/**
 * Who is calling the management API. Answers from pushed caches, so asking twice (middleware, then `handle`) is cheap.
 * Throws 401 with a code that says what is wrong with the credential, 403 when its owner is suspended.
 */
export async function authenticate(headers: Headers, ipAddress: string, now: Date): Promise<Authenticated> {
  const credential = readCredential(headers);
  if (credential.kind === "api_key") {
    const key = await verifyApiKey(credential.secret, ipAddress, now);
    return { actor: actorOfKey(key), key };
  }
  const actor = await authenticatePerson(credential, headers, now);
  if (!actor) throw new AppError("API_KEY_INVALID", "Send an API key in X-API-Key, or sign in.");
  return { actor, key: null };
}

async function authenticatePerson(
  credential: Exclude<Credential, { kind: "api_key" }>,
  headers: Headers,
  now: Date,
): Promise<Actor | null> {
  const accountId = headers.get("portico-account");
  const tenantId = headers.get("portico-tenant");
  const selection = { ...(accountId !== null && { accountId }), ...(tenantId !== null && { tenantId }) };
  if (credential.kind === "token") return authenticateUserJwt(credential.token, selection, now);
  if (credential.kind === "session") return authenticateBrowserSession(credential.cookie, selection, now);
  return null;
}
