import type { Exchange } from "#gateway/exchange";
import { isPortalCookie } from "#lib/identity/session-cookie";
import { isOwnToken } from "#lib/identity/tokens";

/** The path as the upstream gets it, with the query. */
export function outgoingPath({ route, restAt, admission }: Exchange): string {
  const { path, query } = admission.target;
  return (route.stripPrefix ? `/${path.slice(restAt)}` : path) + query;
}

/**
 * The headers as the upstream gets them: what the client sent, without what is between it and us (hop-by-hop headers, credentials,
 * the portal's cookies), and who it is by our word (rules R26). Flat: name, value, ….
 */
export function outgoingHeaders(exchange: Exchange): string[] {
  const { admission, key, req } = exchange;
  const { head, origin, requestId } = admission;
  const headers = head.forwardable;
  pushCredentials(headers, exchange);
  if (head.cookie !== undefined) pushCookies(headers, head.cookie);
  headers.push("X-Forwarded-For", origin.address, "X-Forwarded-Proto", origin.proto, "X-Forwarded-Host", origin.host);
  headers.push("X-Forwarded-Port", String(req.socket.localPort ?? ""), "X-Real-IP", origin.address);
  headers.push("X-Request-Id", requestId, "X-Tenant-ID", exchange.route.tenantId);
  headers.push("Via", head.via === undefined ? via : `${head.via}, ${via}`);
  if (key) {
    headers.push("X-Account-ID", key.accountId, "X-Key-ID", key.id);
    if (key.scopes.length > 0) headers.push("X-Scopes", key.scopes.join(" "));
  }
  return headers;
}

const via = "1.1 portico";
const hopsMax = 8;

/** Whether a request has come through gateways like this one so often that it must be going round in circles. */
export function isLoop(via: string | undefined): boolean {
  return via !== undefined && via.split("portico").length > hopsMax;
}

/** The credential we took is ours to know; one that no step looked at is the upstream's, unless it is of our making. */
function pushCredentials(headers: string[], { credential, admission }: Exchange): void {
  const { apiKey, authorization } = admission.head;
  if (apiKey !== undefined && credential === null && !holdsOwn(apiKey)) headers.push("X-API-Key", apiKey);
  if (authorization !== undefined && credential !== "authorization" && !holdsOwn(authorization)) {
    headers.push("Authorization", authorization);
  }
}

/** Whether a key or token of ours stands anywhere in it, under whatever scheme: a mistyped one is nobody else's business either. */
function holdsOwn(value: string): boolean {
  return value.split(/[\s,]+/).some((word) => /^akt?_/.test(word) || isOwnToken(word));
}

function pushCookies(headers: string[], cookie: string): void {
  if (!/portico\./i.test(cookie)) {
    headers.push("Cookie", cookie);
    return;
  }
  const kept = cookie.split(";").filter((pair) => !isPortalCookie((pair.split("=", 1)[0] ?? "").trim()));
  if (kept.length > 0) headers.push("Cookie", kept.join(";").trim());
}
