import { AppError } from "#lib/core/errors";
import { reservedPrefix } from "#lib/gateways/reserved-paths";

const management = "/api/v1/api-management";
const signIn = `${management}/auth`;

/**
 * Refuses every target but a path of this origin, in its one spelling, that a key is for: the management API and what gateways
 * serve here. Not its sign-in, which takes no key and counts guesses by the caller's address: here that is ours.
 */
export function requireCallablePath(target: string): void {
  const path = target.split("?", 1)[0] ?? "";
  if (!isPlainPath(target, path)) throw refusal("The path must be one of this portal, as it is written in a URL.");
  const own = reservedPrefix(path);
  if (own !== undefined && own !== management) throw refusal(`${own} is no API: keys are not for it.`);
  if (isUnder(path.toLowerCase(), signIn)) throw refusal("Signing in takes no key. It cannot be tried here.");
}

/** Everybody who reads it reads the same: nothing that a URL parser takes for a host, leaves out, or undoes. */
function isPlainPath(target: string, path: string): boolean {
  if (!/^\/[!-~]*$/.test(target) || /[\\#]/.test(target) || path.includes("//")) return false;
  if (/%(?![0-9A-Fa-f]{2})/.test(path) || hasNeedlessEscape(path)) return false;
  return new URL(path, "http://portal").href === `http://portal${path}`; // no dot segments
}

const hasNeedlessEscape = (path: string) =>
  (path.match(/%[0-9A-Fa-f]{2}/g) ?? []).some((triplet) => /[\w.~-]/.test(unescaped(triplet)));

const unescaped = (triplet: string) => String.fromCharCode(Number.parseInt(triplet.slice(1), 16));

const isUnder = (path: string, prefix: string) => path === prefix || path.startsWith(`${prefix}/`);

const refusal = (detail: string) =>
  new AppError("VALIDATION_FAILED", detail, { fields: [{ in: "body", pointer: "#/path", detail }] });
