import { AppError } from "#lib/core/errors";

/** A request target in origin-form, cut at the question mark. */
export interface Target {
  /** Begins with one slash; every escape is valid, none of them hides a slash, a dot segment or a control character. */
  path: string;
  /** With its question mark, or empty. */
  query: string;
}

/**
 * Reads the target of a request line, or says why it is refused. Escapes of unreserved characters are undone
 * (RFC 3986 6.2.2.2: `%6beys` is `keys`), so that everybody behind sees one spelling of each path and a lock on one
 * spelling cannot be walked around with another. The query is passed on as sent.
 */
export function readTarget(url: string): Target | AppError {
  const { sent, query } = cut(url);
  if (!sent.startsWith("/")) return refused("must be a path that begins with a slash");
  if (/[^\x21-\x7e]|#/.test(url)) return refused("holds a character that must be percent-encoded");
  if (sent.includes("\\")) return refused("must not hold a backslash");
  if (!hasValidEscapes(sent)) return refused("holds an invalid percent escape");
  const path = sent.includes("%") ? decodeUnreserved(sent) : sent;
  if (/%(?:2F|5C|[01][0-9A-F]|7F)/.test(path)) return refused("must not hide a slash, backslash or control character");
  if (path.includes("//")) return refused("must not hold empty segments");
  if (path.includes("/.") && path.split("/").some(isDotSegment)) return refused("must not hold dot segments");
  return { path, query };
}

/** The path as the client wrote it, without the query: what errors and usage call `path`. */
export function sentPath(url: string): string {
  return cut(url).sent;
}

function cut(url: string): { sent: string; query: string } {
  const at = url.indexOf("?");
  return at === -1 ? { sent: url, query: "" } : { sent: url.slice(0, at), query: url.slice(at) };
}

function refused(reason: string): AppError {
  return new AppError("BAD_REQUEST", `The path ${reason}.`);
}

/** Well-formed, and UTF-8 behind the percent signs: `%c0%ae` is an overlong dot to whoever decodes it carelessly. */
function hasValidEscapes(path: string): boolean {
  if (!path.includes("%")) return true;
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function decodeUnreserved(path: string): string {
  return path.replace(/%[0-9a-f]{2}/gi, (encoded) => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : encoded.toUpperCase();
  });
}

/** `.` and `..`, also with a path parameter: some servers behind us drop `;…` before they resolve. */
function isDotSegment(segment: string): boolean {
  return /^\.{1,2}(?:$|;|%3B)/.test(segment);
}
