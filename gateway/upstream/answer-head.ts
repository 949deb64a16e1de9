import { unusable } from "#gateway/upstream/failure";

export interface AnswerHead {
  readonly status: number;
  /** Flat names and values as the upstream wrote them, without those that are about its connection. */
  readonly headers: string[];
  /** Bytes of the body that follows; null: its end shows by other means (chunked, or the end of the connection). */
  readonly length: number | null;
}

interface Request {
  readonly method: string;
  /** The client understands chunked answers, and so trailers: HTTP/1.1. */
  readonly takesTrailers: boolean;
}

/**
 * The head of an upstream's answer as it may be passed on (RFC 9110 7.6.1, 8.6; RFC 9112 6.3). Throws UPSTREAM_ERROR for
 * one whose end two readers could see in two places; the parser has refused most of those before.
 */
export function readAnswerHead(status: number, raw: readonly (Buffer | string)[], request: Request): AnswerHead {
  const found: Found = { headers: [], lengthText: null, trailer: null, connection: null, isChunked: false };
  for (let at = 0; at < raw.length; at += 2) sortHeader(found, textOf(raw[at]), textOf(raw[at + 1]));
  if (found.lengthText !== null && found.isChunked) throw unusable("The service framed its answer in two ways.");
  const headers = found.connection === null ? found.headers : withoutNamed(found.headers, found.connection);
  return { status, headers, length: frame(found, headers, status, request) };
}

/** Adds the headers that speak of the body to `headers`; returns its length. */
function frame(found: Found, headers: string[], status: number, { method, takesTrailers }: Request): number | null {
  const { lengthText, trailer, isChunked } = found;
  if (lengthText !== null && status !== 204) headers.push("Content-Length", lengthText);
  if (status === 204 || status === 304 || method === "HEAD") return 0;
  if (trailer !== null && isChunked && takesTrailers) headers.push("Trailer", trailer);
  return lengthText === null ? null : Number(lengthText);
}

interface Found {
  headers: string[];
  lengthText: string | null;
  trailer: string | null;
  connection: string | null;
  isChunked: boolean;
}

/** Compares by length first: most headers are then passed on without a look at their letters. */
function sortHeader(found: Found, name: string, value: string): void {
  switch (hopByHopLengths[name.length] ? name.toLowerCase() : name) {
    case "content-length":
      found.lengthText = lengthOf(value, found.lengthText);
      return;
    case "transfer-encoding":
      if (found.isChunked || value.toLowerCase() !== "chunked") throw unusable("The service coded its answer oddly.");
      found.isChunked = true;
      return;
    case "connection":
      found.connection = joined(found.connection, value);
      return;
    case "trailer":
      found.trailer = joined(found.trailer, value);
      return;
    case "te":
    case "upgrade":
    case "keep-alive":
    case "proxy-connection":
    case "proxy-authenticate":
    case "proxy-authorization":
    case "proxy-authentication-info":
      return;
    default:
      found.headers.push(name, value);
  }
}

function lengthOf(value: string, earlier: string | null): string {
  if (earlier !== null || !/^\d{1,15}$/.test(value)) throw unusable("The service gave no clear length.");
  return value;
}

const joined = (list: string | null, more: string): string => (list === null ? more : `${list}, ${more}`);

const hopByHop = [
  "te",
  "upgrade",
  "trailer",
  "connection",
  "keep-alive",
  "content-length",
  "proxy-connection",
  "transfer-encoding",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-authentication-info",
];
const hopByHopLengths = Array.from({ length: 32 }, (_, length) => hopByHop.some((name) => name.length === length));

function withoutNamed(headers: string[], connection: string): string[] {
  if (connection === "keep-alive" || connection === "close") return headers;
  const named = connection
    .toLowerCase()
    .split(",")
    .map((token) => token.trim());
  return headers.filter((_, at) => !named.includes((headers[at - (at % 2)] ?? "").toLowerCase()));
}

/** Trailers that may follow a chunked answer: none that would frame it, set a cookie or speak of the connection. */
export function readTrailers(raw: readonly (Buffer | string)[]): [name: string, value: string][] {
  const trailers: [string, string][] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = textOf(raw[at]);
    const lower = name.toLowerCase();
    if (hopByHop.includes(lower) || forbiddenTrailers.includes(lower)) continue;
    trailers.push([name, textOf(raw[at + 1])]);
  }
  return trailers;
}

const forbiddenTrailers = ["host", "set-cookie", "content-encoding", "content-type", "content-range"];

function textOf(part: Buffer | string | undefined): string {
  return typeof part === "string" ? part : (part?.toString("latin1") ?? "");
}
