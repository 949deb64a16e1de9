const host = /^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:]+\](:\d{1,5})?$/i;

/**
 * The origin one reached this page at, so that a copied sample works as it is. Read from what the server's edge set;
 * anything that is not a host name falls back to the address of a local start.
 */
export function originOf(headers: Pick<Headers, "get">): string {
  const name = headers.get("x-forwarded-host") ?? headers.get("host") ?? "";
  const scheme = headers.get("x-forwarded-proto") === "https" ? "https" : "http";
  return host.test(name) ? `${scheme}://${name}` : "http://localhost:3000";
}
