import { randomBytes } from "node:crypto";

/** Prefixes of the ids we hand out: an id says what it is. */
export type IdPrefix =
  | "tn"
  | "acct"
  | "usr"
  | "mem"
  | "ses"
  | "key"
  | "svc"
  | "tgt"
  | "gw"
  | "rt"
  | "pol"
  | "rl"
  | "req"
  | "evt"
  | "aud"
  | "mail"
  | "ver"
  | "sgk"
  | "boot"
  | "rft"
  | "plan";

export const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Uniform base62 characters from the system's random source (rejection sampling: no modulo bias). */
export function randomBase62(length: number): string {
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length * 2)) {
      if (byte < 248 && text.length < length) text += base62[byte % 62]; // 248 = 4 × 62
    }
  }
  return text;
}

/** A new id: prefix, underscore, 22 base62 characters (131 bits). */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${randomBase62(randomCharacters)}`;
}

const randomCharacters = 22;
const pooledBytes = 4096;

/** As `newId`, for who needs one with every request: random bytes are drawn many at a time, and each is used once. */
export function createIdSource(prefix: IdPrefix): () => string {
  let pool = new Uint8Array(0);
  let at = 0;
  return () => {
    let text = `${prefix}_`;
    for (let missing = randomCharacters; missing > 0; ) {
      if (at === pool.length) {
        pool = randomBytes(pooledBytes);
        at = 0;
      }
      const byte = pool[at++] as number;
      if (byte >= 248) continue;
      text += base62[byte % 62];
      missing -= 1;
    }
    return text;
  };
}
