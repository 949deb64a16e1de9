import { crc32 } from "node:zlib";
import { base62, randomBase62 } from "#lib/core/ids";
import { createHmacText, hmacSha256 } from "#lib/platform/crypto";

const randomCharacters = 26; // 154 bits
const checksumCharacters = 6; // 62^6 > 2^32
const shape = /^(ak|akt)_([0-9A-Za-z]{26})([0-9A-Za-z]{6})$/;

export type KeyMode = "live" | "test";

/** A new secret (D4): `ak_` (test: `akt_`), 26 random base62 characters, then the CRC-32 of all before it in base62. */
export function generateSecret(mode: KeyMode): string {
  const head = `${mode === "test" ? "akt" : "ak"}_${randomBase62(randomCharacters)}`;
  return head + checksumOf(head);
}

/** Whether a text can be a key of ours at all: a typo is refused without a look-up. */
export function isWellFormedSecret(text: string): boolean {
  return shape.test(text) && checksumOf(text.slice(0, -checksumCharacters)) === text.slice(-checksumCharacters);
}

function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = "";
  for (let place = 0; place < checksumCharacters; place++) {
    digits = base62[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/**
 * What is stored of a secret: HMAC-SHA-256 under the server's pepper. Not a slow password hash: the input is 154 random bits,
 * there is no dictionary to slow down, and the gateway pays for this on every request.
 */
export function hashSecret(pepper: string, secret: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hmacSha256(pepper, secret));
}

/** `hashSecret` as text (base64), for tables in memory: a plain secret is never the name of anything. */
export function createFingerprint(pepper: string): (secret: string) => string {
  return createHmacText(pepper);
}

/** What a list shows of a secret: `ak_abcd` and the last four. */
export function visibleEnds(secret: string): { keyPrefix: string; keyLast4: string } {
  return { keyPrefix: secret.slice(0, secret.indexOf("_") + 5), keyLast4: secret.slice(-4) };
}
