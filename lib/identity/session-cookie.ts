import { runtime } from "#lib/platform/runtime";

/** How long a browser stays signed in. */
export const browserSessionSeconds = 30 * 86_400;

/**
 * Names of the portal's cookies. The port is part of them, because ports of a host share cookies; over https the prefix `__Host-`
 * makes browsers refuse one that a sibling subdomain set. The gateway strips all of them: see `isPortalCookie`.
 */
export function portalCookieName(use: "session" | "csrf" | "callback"): string {
  const { env } = runtime();
  const isSecure = env.PUBLIC_URL.startsWith("https:");
  return `${isSecure ? "__Host-" : ""}portico.${use}.${env.PORT}`;
}

/** Whether a cookie is one of ours, of any instance: never sent to an upstream, never set by one. */
export function isPortalCookie(name: string): boolean {
  return /^(?:__Host-|__Secure-)?portico\./i.test(name);
}

/** The session token of a Cookie header. Two different ones (RFC 6265 leaves the order open) are none: somebody planted one. */
export function readSessionCookie(header: string | null): string | undefined {
  const wanted = portalCookieName("session");
  const values = new Set<string>();
  for (const pair of header?.split(";") ?? []) {
    const [name = "", ...value] = pair.split("=");
    if (name.trim() === wanted) values.add(value.join("=").trim());
  }
  return values.size === 1 ? [...values][0] : undefined;
}
