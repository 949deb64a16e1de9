import { decrypt, deriveKey, encrypt } from "#lib/platform/crypto";
import { runtime } from "#lib/platform/runtime";

const key = () => deriveKey(runtime().env.ENCRYPTION_KEY, "mail text");

/** A mail waits in the database with the link it carries, whose token is otherwise kept as a hash only: so it waits encrypted. */
export function sealMailText(text: string): string {
  return Buffer.from(encrypt(key(), text)).toString("base64");
}

export function openMailText(sealed: string): string {
  return decrypt(key(), Buffer.from(sealed, "base64"));
}
