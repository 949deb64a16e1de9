import type { JWK } from "jose";
import { runtime } from "#lib/platform/runtime";

/** The public keys our tokens can be verified with (RFC 7517). */
export function showJwks(): { keys: JWK[] } {
  return runtime().signingKeys.jwks;
}
