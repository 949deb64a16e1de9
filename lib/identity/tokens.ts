import { errors, jwtVerify, SignJWT } from "jose";
import { AppError } from "#lib/core/errors";
import { signingAlgorithm } from "#lib/identity/signing-keys";
import { runtime } from "#lib/platform/runtime";

/**
 * Every kind of token we sign. Each has a type and an audience of its own, and a verifier names the one kind it takes, so that a token
 * of one kind is worth nothing as another (RFC 8725 3.11, 3.12). A new kind is one more row.
 */
export const tokenKinds = {
  /** A person's program on the management API. */
  user: { typ: "user+jwt", audience: "portico:management" },
  /** The portal's session cookie. */
  session: { typ: "session+jwt", audience: "portico:portal" },
} as const;

export type TokenKind = keyof typeof tokenKinds;

/** What a token says: who (`usr_…`) and which session (`ses_…`) stands behind it. Everything else is read live. */
export interface TokenClaims {
  subject: string;
  sessionId: string;
}

const tokenLengthMax = 4096;
const clockSkewSeconds = 60;
const headerMembers = "alg,kid,typ";
const compactForm = /^[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]{86}$/;

/** Signs a token of one kind that is good for `lifetimeSeconds` from `now`. */
export async function signToken(
  kind: TokenKind,
  claims: TokenClaims,
  lifetimeSeconds: number,
  now: Date,
): Promise<string> {
  const { signingKeys, env } = runtime();
  const { id, privateKey } = signingKeys.current;
  const issuedAt = Math.floor(now.getTime() / 1000);
  return new SignJWT({ sid: claims.sessionId })
    .setProtectedHeader({ alg: signingAlgorithm, typ: tokenKinds[kind].typ, kid: id })
    .setIssuer(env.PUBLIC_URL)
    .setAudience(tokenKinds[kind].audience)
    .setSubject(claims.subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(privateKey);
}

/**
 * Accepts exactly what `signToken` makes of the one kind: our algorithm, key, issuer, type and audience, no further header member
 * (so no embedded keys, no `crit`, no compression), whole-second times. Throws TOKEN_INVALID, the same for every reason.
 */
export async function verifyToken(kind: TokenKind, token: string, now: Date): Promise<TokenClaims> {
  const keyId = readKeyId(kind, token);
  const publicKey = keyId === undefined ? undefined : await runtime().signingKeys.find(keyId);
  if (!publicKey) throw invalidToken();
  try {
    const { payload } = await jwtVerify(token, publicKey, {
      algorithms: [signingAlgorithm],
      typ: tokenKinds[kind].typ,
      issuer: runtime().env.PUBLIC_URL,
      audience: tokenKinds[kind].audience,
      requiredClaims: ["exp", "iat", "sub", "sid"],
      currentDate: now,
    });
    const { sub, sid, aud, exp, iat } = payload;
    const isFromPast = isWhole(iat) && iat <= now.getTime() / 1000 + clockSkewSeconds;
    if (
      typeof sub !== "string" ||
      typeof sid !== "string" ||
      aud !== tokenKinds[kind].audience ||
      !isWhole(exp) ||
      !isFromPast
    )
      throw invalidToken();
    return { subject: sub, sessionId: sid };
  } catch (error) {
    throw error instanceof errors.JOSEError ? invalidToken(error) : error;
  }
}

/** The key a token names, if its header is one we write. Nothing is computed or fetched on its behalf before that. */
function readKeyId(kind: TokenKind, token: string): string | undefined {
  if (token.length > tokenLengthMax || !compactForm.test(token)) return undefined;
  const [head = "", , signature = ""] = token.split(".");
  if (Buffer.from(signature, "base64url").toString("base64url") !== signature) return undefined; // one signature, one spelling
  try {
    const header: unknown = JSON.parse(Buffer.from(head, "base64url").toString("utf8"));
    if (typeof header !== "object" || header === null) return undefined;
    const { alg, kid, typ } = header as Record<string, unknown>;
    const isOurs =
      Object.keys(header).sort().join() === headerMembers && alg === signingAlgorithm && typ === tokenKinds[kind].typ;
    return isOurs && typeof kid === "string" ? kid : undefined;
  } catch {
    return undefined;
  }
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);

/** One answer for everything that is wrong with a token. */
export function invalidToken(cause?: unknown): AppError {
  return new AppError(
    "TOKEN_INVALID",
    "The token is not valid here, or it has expired.",
    cause === undefined ? {} : { cause },
  );
}
