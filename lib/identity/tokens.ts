import { errors, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { AppError } from "#lib/core/errors";
import { signingAlgorithm } from "#lib/identity/signing-keys";
import { runtime } from "#lib/platform/runtime";

/** What a person's token says: who (`usr_…`) and which session (`ses_…`) stands behind it. Everything else is read live. */
export interface SessionClaims {
  subject: string;
  sessionId: string;
}

/** What a partner's token says: whose (`acct_…`), and from which secret of which key it was made. Everything else is read live. */
export interface KeyClaims {
  subject: string;
  keyId: string;
  generation: number;
}

/** What the explorer's credential says: as a partner's token, and who tries the key, from where. */
export interface TryClaims extends KeyClaims {
  /** `usr_…` */
  userId: string;
  ipAddress: string;
}

const ofSession = {
  write: ({ sessionId }: SessionClaims): JWTPayload => ({ sid: sessionId }),
  read: (subject: string, { sid }: JWTPayload): SessionClaims | undefined =>
    typeof sid === "string" ? { subject, sessionId: sid } : undefined,
};

const ofKey = {
  write: ({ keyId, generation }: KeyClaims): JWTPayload => ({ key: keyId, gen: generation }),
  read: (subject: string, { key, gen }: JWTPayload): KeyClaims | undefined =>
    typeof key === "string" && isWhole(gen) ? { subject, keyId: key, generation: gen } : undefined,
};

const ofTry = {
  write: ({ userId, ipAddress, ...claims }: TryClaims): JWTPayload => ({
    ...ofKey.write(claims),
    usr: userId,
    ip: ipAddress,
  }),
  read(subject: string, payload: JWTPayload): TryClaims | undefined {
    const { usr: userId, ip: ipAddress } = payload;
    const claims = ofKey.read(subject, payload);
    return claims && typeof userId === "string" && typeof ipAddress === "string"
      ? { ...claims, userId, ipAddress }
      : undefined;
  },
};

/**
 * Every kind of token we sign. Each has a type and an audience of its own, and a verifier names the one kind it takes, so that a token
 * of one kind is worth nothing as another (RFC 8725 3.11, 3.12). A new kind is one more row.
 */
export const tokenKinds = {
  /** A person's program on the management API. */
  user: { typ: "user+jwt", audience: "portico:management", ...ofSession },
  /** The portal's session cookie. */
  session: { typ: "session+jwt", audience: "portico:portal", ...ofSession },
  /** A partner's program on gateway routes. */
  partner: { typ: "partner+jwt", audience: "portico:gateway", ...ofKey },
  /** A person's try of one of their keys in the explorer, wherever the key itself is good. Never leaves our own processes. */
  explorer: { typ: "explorer+jwt", audience: "portico:explorer", ...ofTry },
} as const;

export type TokenKind = keyof typeof tokenKinds;
export type ClaimsOf<K extends TokenKind> = Parameters<(typeof tokenKinds)[K]["write"]>[0];
export type VerifiedClaims<K extends TokenKind> = ClaimsOf<K> & { expiresAt: Date };

const tokenLengthMax = 4096;
const clockSkewSeconds = 60;
const headerMembers = "alg,kid,typ";
const compactForm = /^[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]{86}$/;

/** Signs a token of one kind that is good for `lifetimeSeconds` from `now`. */
export async function signToken<K extends TokenKind>(
  kind: K,
  claims: ClaimsOf<K>,
  lifetimeSeconds: number,
  now: Date,
): Promise<string> {
  const { signingKeys, env } = runtime();
  const { id, privateKey } = signingKeys.current;
  const issuedAt = Math.floor(now.getTime() / 1000);
  const write = tokenKinds[kind].write as (claims: ClaimsOf<K>) => JWTPayload;
  return new SignJWT(write(claims))
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
export async function verifyToken<K extends TokenKind>(kind: K, token: string, now: Date): Promise<VerifiedClaims<K>> {
  const header = readHeader(token);
  const publicKey = header?.typ === tokenKinds[kind].typ ? await runtime().signingKeys.find(header.kid) : undefined;
  if (!publicKey) throw invalidToken();
  try {
    const { payload } = await jwtVerify(token, publicKey, {
      algorithms: [signingAlgorithm],
      typ: tokenKinds[kind].typ,
      issuer: runtime().env.PUBLIC_URL,
      audience: tokenKinds[kind].audience,
      requiredClaims: ["exp", "iat", "sub"],
      currentDate: now,
    });
    const { sub, aud, exp, iat } = payload;
    const isFromPast = isWhole(iat) && iat <= now.getTime() / 1000 + clockSkewSeconds;
    const claims = typeof sub === "string" ? tokenKinds[kind].read(sub, payload) : undefined;
    if (!claims || aud !== tokenKinds[kind].audience || !isWhole(exp) || !isFromPast) throw invalidToken();
    return { ...(claims as ClaimsOf<K>), expiresAt: new Date(exp * 1000) };
  } catch (error) {
    throw error instanceof errors.JOSEError ? invalidToken(error) : error;
  }
}

/** The key and kind a token names, if its header is one we write. Nothing is computed or fetched on its behalf before that. */
function readHeader(token: string): { kid: string; typ: unknown } | undefined {
  if (token.length > tokenLengthMax || !compactForm.test(token)) return undefined;
  const [head = "", , signature = ""] = token.split(".");
  if (Buffer.from(signature, "base64url").toString("base64url") !== signature) return undefined; // one signature, one spelling
  try {
    const header: unknown = JSON.parse(Buffer.from(head, "base64url").toString("utf8"));
    if (typeof header !== "object" || header === null) return undefined;
    const { alg, kid, typ } = header as Record<string, unknown>;
    const isOurs = Object.keys(header).sort().join() === headerMembers && alg === signingAlgorithm;
    return isOurs && typeof kid === "string" ? { kid, typ } : undefined;
  } catch {
    return undefined;
  }
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);

/** One answer for everything that is wrong with a token. `about`: the known key it was made from, for the record. */
export function invalidToken(cause?: unknown, about?: unknown): AppError {
  return new AppError("TOKEN_INVALID", "The token is not valid here, or it has expired.", {
    ...(cause !== undefined && { cause }),
    ...(about !== undefined && { about }),
  });
}

/** Whether a token says that it is one of ours, of any kind: such a one is not for an upstream's eyes, good or not. */
export function isOwnToken(credential: string): boolean {
  const [head = "", , signature] = credential.split(".");
  if (signature === undefined || credential.length > tokenLengthMax) return false;
  try {
    const header: unknown = JSON.parse(Buffer.from(head, "base64url").toString("utf8"));
    const typ = typeof header === "object" && header !== null && "typ" in header ? header.typ : undefined;
    return Object.values(tokenKinds).some((kind) => kind.typ === typ);
  } catch {
    return false;
  }
}
