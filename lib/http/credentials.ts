import { AppError } from "#lib/core/errors";
import { looksLikeToken } from "#lib/partners/check-partner-token";

/** The one credential a request brings. */
export type Credential =
  | { kind: "api_key"; secret: string }
  | { kind: "explorer"; token: string }
  | { kind: "token"; token: string }
  | { kind: "session"; cookie: string }
  | { kind: "none" };

const bearer = /^Bearer +(\S+)$/i;

/**
 * Finds the credential of a request to the management API: `X-API-Key` (the explorer's stands in for a key there), `Authorization: Bearer` with a key or a user JWT, or
 * the portal's cookie, in that order. Two different ones contradict each other (400): nobody should guess which was meant.
 */
export function readCredential(headers: Headers): Credential {
  const key = headers.get("x-api-key");
  const authorization = headers.get("authorization");
  if (key !== null && authorization !== null && authorization !== `Bearer ${key}`) {
    throw new AppError("BAD_REQUEST", "The request carries two credentials. Send either X-API-Key or Authorization.");
  }
  if (key !== null) return looksLikeToken(key) ? { kind: "explorer", token: key } : { kind: "api_key", secret: key };
  if (authorization !== null) return readBearer(authorization);
  const cookie = headers.get("cookie");
  return cookie ? { kind: "session", cookie } : { kind: "none" };
}

function readBearer(authorization: string): Credential {
  const token = bearer.exec(authorization)?.[1];
  if (token === undefined)
    throw new AppError("TOKEN_INVALID", "The Authorization header must be: Bearer, a space, and one token.");
  return /^akt?_/.test(token) ? { kind: "api_key", secret: token } : { kind: "token", token };
}
