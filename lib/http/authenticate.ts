import type { Actor } from "#lib/core/actor";
import { AppError, isAppError } from "#lib/core/errors";
import { checkExplorerCredential } from "#lib/explorer/check-explorer-credential";
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
  if (credential.kind === "api_key" || credential.kind === "explorer") {
    const key = await verifyKey(credential, ipAddress, now);
    return { actor: actorOfKey(key), key };
  }
  const actor = await authenticatePerson(credential, headers, now);
  if (!actor) throw new AppError("API_KEY_INVALID", "Send an API key in X-API-Key, or sign in.");
  return { actor, key: null };
}

/**
 * Who is signed in with the browser whose page calls. Keys and tokens are not even looked at: behind pages nobody counts guesses.
 * Throws API_KEY_INVALID when nobody is.
 */
export async function authenticatePage(headers: Headers, now: Date): Promise<Authenticated> {
  const cookie = headers.get("cookie");
  const actor = cookie === null ? null : await authenticatePerson({ kind: "session", cookie }, headers, now);
  if (!actor) throw new AppError("API_KEY_INVALID", "Sign in first: this belongs to a page of the portal.");
  return { actor, key: null };
}

type OfKey = Extract<Credential, { kind: "api_key" | "explorer" }>;

async function verifyKey(credential: OfKey, ipAddress: string, now: Date): Promise<VerifiedKey> {
  if (credential.kind === "api_key") return verifyApiKey(credential.secret, ipAddress, now);
  const verdict = await checkExplorerCredential(credential.token, now);
  if (isAppError(verdict)) throw verdict;
  return verdict;
}

async function authenticatePerson(
  credential: Exclude<Credential, OfKey>,
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
