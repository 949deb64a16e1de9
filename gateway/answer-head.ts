import { corsHeaders } from "#gateway/cors";
import type { Exchange } from "#gateway/exchange";
import { isPortalCookie } from "#lib/identity/session-cookie";
import { rateLimitHeaderList } from "#lib/rate-limits/rate-limit-headers";

/** What the gateway says itself: an upstream's copy would contradict it. */
const own = new Set([
  "x-request-id",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
  "x-ratelimit-window",
  "x-ratelimit-degraded",
  "ratelimit",
  "ratelimit-policy",
]);

/** What would act on the whole origin, which is not this upstream's alone. */
const ofTheOrigin = new Set(["clear-site-data", "service-worker-allowed"]);

/** On the portal's origin also what browsers would remember for the portal. */
const ofThePortal = new Set([
  "strict-transport-security",
  "public-key-pins",
  "alt-svc",
  "nel",
  "report-to",
  "reporting-endpoints",
]);

type Kind = "pass" | "own" | "cors" | "cookie" | "drop" | "not-on-portal";

function kindOf(lower: string): Kind {
  if (lower === "set-cookie" || lower === "set-cookie2") return "cookie";
  if (own.has(lower)) return "own";
  if (ofTheOrigin.has(lower)) return "drop";
  if (ofThePortal.has(lower)) return "not-on-portal";
  if (lower.startsWith("access-control-")) return "cors";
  return "pass";
}

const knownNamesMax = 2_000;

export type AnswerHead = ReturnType<typeof createAnswerHeads>;

/** Writes the heads of answers; remembers how each spelling of a header name is to be treated. */
export function createAnswerHeads() {
  const known = new Map<string, Kind>();

  function kind(name: string): Kind {
    const found = known.get(name);
    if (found !== undefined) return found;
    const made = kindOf(name.toLowerCase());
    if (known.size < knownNamesMax && name.length <= 64) known.set(name, made);
    return made;
  }

  /** The upstream's headers, as far as they may go to the client, and ours. Flat: name, value, …. */
  return function answerHead(exchange: Exchange, received: readonly string[]): string[] {
    const headers: string[] = [];
    for (let at = 0; at < received.length; at += 2) {
      const name = received[at] as string;
      const value = received[at + 1] as string;
      if (mayPass(kind(name), value, exchange)) headers.push(name, value);
    }
    pushOwnHeaders(headers, exchange, exchange.limits);
    return headers;
  };
}

function mayPass(kind: Kind, value: string, { isOnPortal, route }: Exchange): boolean {
  switch (kind) {
    case "pass":
      return true;
    case "cookie":
      return !isPortalCookie(cookieNameOf(value));
    case "cors":
      return route.cors === null;
    case "not-on-portal":
      return !isOnPortal;
    default:
      return false;
  }
}

/** A cookie without a name (`=portico.session…`) comes back from browsers without its equals sign: its value is its name then. */
function cookieNameOf(setCookie: string): string {
  return (setCookie.replace(/^[\s=]+/, "").split(/[=;]/, 1)[0] ?? "").trim();
}

/** What every answer of a route carries, whoever made it; `limits`: the decision it shows, unless it names one itself. */
export function pushOwnHeaders(
  headers: string[],
  { admission, route, isOnPortal }: Exchange,
  limits: Exchange["limits"],
): void {
  headers.push("X-Request-Id", admission.requestId);
  if (limits) headers.push(...rateLimitHeaderList(limits));
  if (route.cors) headers.push(...corsHeaders(route.cors, admission.head.origin));
  // A tenant's page under the portal's origin must not act as the portal's page.
  if (isOnPortal) headers.push("Content-Security-Policy", "sandbox", "X-Content-Type-Options", "nosniff");
}
