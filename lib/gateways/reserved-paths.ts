/**
 * Path prefixes, by whole segments, that belong to the portal on its own host: first segments, but below `/api` and
 * `/api/v1`, which tenants share with us, one or two further. A gateway route under one of them is refused when saved and
 * skipped when loaded. Pages that are yet to come are listed too: a route published today must not lose its path later.
 */
export const reservedPaths: readonly string[] = [
  ".well-known",
  "_next",
  "admin",
  "alerts",
  "api/auth",
  "api/management",
  "api/stripe",
  "api/v1/api-management",
  "auth",
  "credits",
  "customers",
  "docs",
  "favicon.ico",
  "healthz",
  "icon.svg",
  "keys",
  "logs",
  "mail-outbox",
  "metrics",
  "oauth",
  "oauth-apps",
  "openapi.json",
  "operator",
  "overview",
  "platform",
  "profile",
  "readyz",
  "reset-password",
  "robots.txt",
  "settings",
  "sign-in",
  "sign-out",
  "sign-up",
  "sitemap.xml",
  "team",
  "usage",
  "verify-email",
  "version",
  "webhooks",
];

/**
 * True for a path the portal owns. Letter case is ignored: `/Sign-In` served by a tenant would be taken for ours.
 * Expects a path that admission let pass (no escapes of plain letters, no dot segments).
 */
export function isReservedPath(path: string): boolean {
  const lower = path.toLowerCase();
  return lower === "/" || reservedPaths.some((prefix) => lower === `/${prefix}` || lower.startsWith(`/${prefix}/`));
}
