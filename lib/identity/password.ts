import { invalidField } from "#lib/core/errors";
import { passwordLengthMax, passwordLengthMin } from "#lib/identity/contract";

/** Those of the most common passwords that are long enough, without digits at their ends: "password123" is "password". */
const common = new Set([
  "password",
  "passw0rd",
  "mypassword",
  "qwertyuiop",
  "qwerty",
  "iloveyou",
  "letmein",
  "welcome",
  "administrator",
  "abcdefghij",
  "changeme",
  "sunshine",
  "princess",
  "football",
  "baseball",
  "superman",
  "1q2w3e4r5t",
  "1qaz2wsx3edc",
  "q1w2e3r4t5",
  "zaq12wsx",
  "trustno",
  "starwars",
  "computer",
  "whatever",
  "asdfghjkl",
  "zxcvbnm",
  "secret",
  "default",
  "admin",
  "test",
  "user",
  "portico",
]);

/**
 * The form of a password that is hashed: NFC, so that the same letters typed on another machine are the same password.
 * Undefined for what can never have been set: too long, or broken Unicode (which UTF-8 would make equal to other broken Unicode).
 */
export function normalizePassword(text: string): string | undefined {
  if (text.length > 4 * passwordLengthMax || /\p{Surrogate}/u.test(text)) return undefined;
  const normalized = text.normalize("NFC");
  return normalized.length <= passwordLengthMax ? normalized : undefined;
}

/** Checks a password somebody wants to set and returns its normal form. Throws VALIDATION_FAILED at `field`. */
export function requireNewPassword(text: string, field: string): string {
  const password = normalizePassword(text);
  if (password === undefined)
    throw invalidField(field, `must have at most ${passwordLengthMax} characters, in valid Unicode`);
  if ([...password].length < passwordLengthMin)
    throw invalidField(field, `must have at least ${passwordLengthMin} characters`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point.
  if (/[\u0000-\u001f\u007f]/.test(password)) throw invalidField(field, "must not contain control characters");
  if (isCommon(password)) throw invalidField(field, "is too easy to guess");
  return password;
}

function isCommon(password: string): boolean {
  const lower = password.toLowerCase();
  const core = lower.replace(/^[\d\W_]+|[\d\W_]+$/g, "");
  return new Set(lower).size <= 2 || core === "" || common.has(core) || common.has(lower);
}
