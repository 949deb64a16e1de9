/** Paths of the original service that reach today's handlers, each a prefix by whole segments. */
const aliases = [{ from: "/api/management", to: "/api/v1/api-management" }] as const;

/** Prefixes under which one trailing slash means nothing. Elsewhere it belongs to the page or the upstream. */
const slashless = ["/api/v1/api-management", "/admin", "/auth", "/oauth"] as const;

/**
 * The one path under which a resource is handled, for a path that `readTarget` let pass. Rewritten here, before Next,
 * because rewrites in next.config.js reach the handlers without passing the middleware that authenticates and limits.
 */
export function canonicalPath(path: string): string {
  const alias = aliases.find(({ from }) => isUnder(path, from));
  const canonical = alias ? alias.to + path.slice(alias.from.length) : path;
  const isTrimmed = canonical.endsWith("/") && slashless.some((prefix) => isUnder(canonical, prefix));
  return isTrimmed ? canonical.slice(0, -1) : canonical;
}

function isUnder(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === "/");
}
