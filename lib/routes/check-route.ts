import { AppError, invalidField } from "#lib/core/errors";
import { type Hosts, sharesPortalPaths } from "#lib/gateways/portal-host";
import type { Context } from "#lib/platform/context";
import type { Route } from "#lib/routes/contract";
import { parsePattern, shapeOf } from "#lib/routes/path-pattern";
import { type CompetingRoute, findCompetingRoutes } from "#lib/routes/repository";
import { reservedPrefixOf } from "#lib/routes/reserved-pattern";

/** What a route will match, as it is stored. */
export interface Matching {
  path: string;
  methods: Route["methods"];
  headers: Route["headers"];
  priority: number;
  isActive: boolean;
}

/** Refuses a path that could not serve: one the portal owns, one no request has after the edge has read it. */
export function checkPath(path: string, hosts: Hosts): string {
  const hidden = path.match(/%(2F|5C|[01][0-9A-F]|7F)/)?.[0];
  if (hidden) throw invalidField("path", `holds ${hidden}, which the gateway refuses in every path`);
  const undone = path.match(/%(2[DE]|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])/)?.[0];
  if (undone)
    throw invalidField("path", `holds ${undone}: write ${decodeURIComponent(undone)}, as the gateway reads it`);
  if (!isUtf8(path))
    throw invalidField("path", "holds escapes that are no UTF-8, which the gateway refuses in every path");
  const prefix = sharesPortalPaths(hosts) ? reservedPrefixOf(path) : undefined;
  if (prefix !== undefined) throw invalidField("path", `falls under ${prefix}, which belongs to the portal`);
  return path;
}

function isUtf8(escaped: string): boolean {
  try {
    decodeURIComponent(escaped);
    return true;
  } catch {
    return false;
  }
}

/** Header names in lower case. The same name twice would match nothing, or say the same twice. */
export function checkHeaders(written: Route["headers"]): Route["headers"] {
  const headers = written.map(({ name, value }) => ({ name: name.toLowerCase(), value }));
  const again = headers.findIndex(({ name }, at) => headers.findIndex((header) => header.name === name) !== at);
  if (again !== -1) throw invalidField(`headers/${again}/name`, "is in the list already");
  return headers;
}

/** Stripping leaves what `*` stands for, so there must be one. `field` is what the caller wrote last. */
export function checkStripping(path: string, stripPrefix: boolean, field: "path" | "strip_prefix"): void {
  if (stripPrefix && !parsePattern(path).hasWildcard)
    throw invalidField(field, "goes only with a path that ends in /* : that is what is forwarded");
}

/** Refuses a route that would compete with another for the same requests, with nothing to say which of them wins. */
export async function requireNoRival(ctx: Context, gatewayId: string, id: string, route: Matching): Promise<void> {
  if (!route.isActive) return;
  const others = await findCompetingRoutes(ctx.db, ctx.actor.tenantId, gatewayId);
  const rival = others.find((other) => other.id !== id && other.isActive && compete(route, other));
  if (rival)
    throw new AppError(
      "CONFLICT",
      `The route "${rival.name}" serves ${rival.path} for the same requests at the same priority. Give one of them other methods, headers or another priority.`,
    );
}

function compete(route: Matching, other: CompetingRoute): boolean {
  return (
    route.priority === other.priority &&
    shapeOf(route.path) === shapeOf(other.path) &&
    overlap(route.methods, other.methods) &&
    headersText(route.headers) === headersText(other.matchHeaders as Route["headers"])
  );
}

/** Empty is any method; HEAD is served where GET is. */
function overlap(some: readonly string[], others: readonly string[]): boolean {
  if (some.length === 0 || others.length === 0) return true;
  const servedBy = (methods: readonly string[]) => (methods.includes("GET") ? [...methods, "HEAD"] : methods);
  const served = servedBy(others);
  return servedBy(some).some((method) => served.includes(method));
}

const headersText = (headers: Route["headers"]) =>
  JSON.stringify(headers.map(({ name, value }) => `${name}:${value}`).sort());
