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
 * The prefix under which the portal owns a path, as `/keys`, or undefined. Letter case is ignored: `/Sign-In` served by a tenant
 * would be taken for ours. Expects a path that admission let pass (no escapes of plain letters, no dot segments).
 */
export function reservedPrefix(path: string): string | undefined {
  const lower = path.toLowerCase();
  if (lower === "/") return "/";
  const found = reservedPaths.find((prefix) => lower === `/${prefix}` || lower.startsWith(`/${prefix}/`));
  return found && `/${found}`;
}

/** True for a path the portal owns. */
export function isReservedPath(path: string): boolean {
  return reservedPrefix(path) !== undefined;
}
