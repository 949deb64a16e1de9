import type { IncomingMessage } from "node:http";

/** Names only the edge may set, because those behind it believe them. */
const reserved = new Set([
  "forwarded",
  "x-real-ip",
  "true-client-ip",
  "cf-connecting-ip",
  "x-request-id",
  "x-matched-path",
  "x-now-route-matches",
  "next-resume",
  "next-action", // there are no server actions, so nobody may reach the code that runs them
]);

const reservedPrefixes = [
  "x-forwarded-",
  "x-portico-",
  "x-middleware-",
  "x-invoke-",
  "x-nextjs-",
  "x-next-",
  "x-prerender-",
  "x-action-",
  "x-vercel-",
];

/** What clients do send under those prefixes. */
const sentByClients = new Set([
  "x-portico-timestamp", // request signing
  "x-portico-nonce",
  "x-portico-content-sha256",
  "x-portico-signature",
  "x-nextjs-request-id", // Next's own client in development; ignored in production
  "x-nextjs-html-request-id",
]);

const reservedStart = new RegExp(`^(?:${reservedPrefixes.join("|")})`);

/** True for a header that is never believed when a client sends it. Underscores count as hyphens, as CGI sees them. */
function isReserved(lower: string): boolean {
  const hyphened = lower.includes("_") ? lower.replaceAll("_", "-") : lower;
  return (reserved.has(hyphened) || reservedStart.test(hyphened)) && !sentByClients.has(lower);
}

/** Removes the client's reserved headers and sets `own` (lower-case names), in every form in which Node shows headers. */
export function replaceReservedHeaders(req: IncomingMessage, own: Readonly<Record<string, string>>): void {
  const raw: string[] = [];
  for (let at = 0; at < req.rawHeaders.length; at += 2) {
    const name = req.rawHeaders[at] ?? "";
    const lower = name.toLowerCase();
    if (isReserved(lower)) delete req.headers[lower];
    else raw.push(name, req.rawHeaders[at + 1] ?? "");
  }
  for (const [name, value] of Object.entries(own)) {
    req.headers[name] = value;
    raw.push(name, value);
  }
  req.rawHeaders = raw;
  Object.defineProperty(req, "headersDistinct", headersDistinct);
}

/** Node's own would read as many raw headers as were received. Built when asked for, which is hardly ever. */
const headersDistinct = {
  get(this: IncomingMessage): Record<string, string[]> {
    const distinct: Record<string, string[]> = Object.create(null);
    for (let at = 0; at < this.rawHeaders.length; at += 2) {
      const name = (this.rawHeaders[at] ?? "").toLowerCase();
      distinct[name] = [...(distinct[name] ?? []), this.rawHeaders[at + 1] ?? ""];
    }
    return distinct;
  },
};
