import { type IdPrefix, randomBase62 } from "#lib/core/ids";
import { sha256 } from "#lib/platform/crypto";

const randomLength = 43; // 256 bits

/** A bearer secret that we hand out once and keep only the hash of. */
export interface SecretToken {
  token: string;
  hash: Uint8Array<ArrayBuffer>;
}

export function newSecretToken(prefix: Extract<IdPrefix, "ver" | "rft">): SecretToken {
  const token = `${prefix}_${randomBase62(randomLength)}`;
  return { token, hash: hashSecretToken(token) };
}

/** SHA-256 rather than a slow hash: 256 random bits leave nothing to guess. */
export function hashSecretToken(token: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(sha256(token));
}
