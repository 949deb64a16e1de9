import { createCipheriv, createDecipheriv, createHmac, hash, hkdfSync, randomBytes } from "node:crypto";

/** SHA-256 of a text or bytes. */
export function sha256(data: string | Uint8Array): Buffer {
  return hash("sha256", data, "buffer");
}

/** HMAC-SHA-256 of a text under a key. */
export function hmacSha256(key: string | Uint8Array, data: string): Buffer {
  return createHmac("sha256", key).update(data).digest();
}

const blockBytes = 64;
const textBytesMax = 256;

/**
 * HMAC-SHA-256 (RFC 2104) of short ASCII texts under one key, in base64: the same as `hmacSha256`, at a third of its cost, for
 * who computes one with every request. Longer texts and others are computed the long way.
 */
export function createHmacText(key: string): (text: string) => string {
  const keyBytes = Buffer.byteLength(key) > blockBytes ? sha256(key) : Buffer.from(key);
  const inner = Buffer.alloc(blockBytes + textBytesMax);
  const outer = Buffer.alloc(blockBytes + 32);
  for (let at = 0; at < blockBytes; at++) {
    inner[at] = (keyBytes[at] ?? 0) ^ 0x36;
    outer[at] = (keyBytes[at] ?? 0) ^ 0x5c;
  }
  return (text) => {
    if (text.length > textBytesMax || !/^[\x20-\x7e]*$/.test(text)) return hmacSha256(key, text).toString("base64");
    const length = inner.write(text, blockBytes, "latin1");
    sha256(inner.subarray(0, blockBytes + length)).copy(outer, blockBytes);
    return hash("sha256", outer, "base64");
  };
}

/** A purpose-bound 32-byte key from a configured secret (RFC 5869), so that one secret never serves two uses. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "portico", purpose, 32));
}

/** AES-256-GCM: 12 bytes of nonce, 16 of tag, then the text. */
export function encrypt(key: Uint8Array, plaintext: string): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const body = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
  return Uint8Array.from(Buffer.concat([nonce, cipher.getAuthTag(), body]));
}

/** Reverses `encrypt`; throws when the key is another or the bytes were changed. */
export function decrypt(key: Uint8Array, sealed: Uint8Array): string {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
}
