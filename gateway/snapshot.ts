import { type CompiledRoute, compileRoute } from "#gateway/compile";
import { type MatchResult, RouteTable, type Wanted } from "#gateway/match-route";
import { compileChecks } from "#gateway/pipeline";
import type { Configuration, GatewayRow, RouteRow, ServiceRow } from "#gateway/read-configuration";
import type { Upstream } from "#gateway/upstream/forward";
import { isReservedPath } from "#lib/gateways/reserved-paths";

/** Routes in tables that are tried one after another: the first that knows the path answers. */
type Tables = readonly RouteTable<CompiledRoute>[];

/** What is served where, at one moment. Never changed: a new one takes its place. */
export interface Snapshot {
  /** Whether a host is somebody's domain, and so no host of the portal. */
  hasDomain(host: string): boolean;
  /** A route of the portal's own host; none under a path of the portal. */
  findOnPortal(wanted: Wanted): MatchResult<CompiledRoute>;
  findOnHost(host: string, wanted: Wanted): MatchResult<CompiledRoute>;
  /** The services it leads to. */
  readonly serviceIds: ReadonlySet<string>;
}

export type OpenUpstream = (service: ServiceRow) => Upstream;

/** Puts the configuration into the tables requests are matched with. `skip` is told of a route that cannot be served. */
export function buildSnapshot(
  configuration: Configuration,
  openUpstream: OpenUpstream,
  skip: (route: RouteRow, error: unknown) => void,
): Snapshot {
  const compiled = compileAll(configuration, openUpstream, skip);
  const tableOf = (gateways: readonly GatewayRow[]) =>
    new RouteTable(gateways.flatMap(({ id }) => compiled.get(id) ?? []));
  const portal = tablesByTenant(
    configuration.gateways.filter((gateway) => gateway.serve_on_portal),
    tableOf,
  );
  const anyHost = configuration.gateways.filter(({ domains }) => domains.length === 0);
  const anywhere = tablesByTenant(anyHost, tableOf);
  const hosts = new Map<string, Tables>();
  for (const { name, tenant_id } of configuration.domains) {
    // On somebody's domain only their own gateways answer, those for any host last.
    const own = configuration.gateways.filter(({ domains }) => domains.includes(name));
    const rest = anyHost.filter((gateway) => gateway.tenant_id === tenant_id);
    hosts.set(name, [tableOf(own.filter((gateway) => gateway.tenant_id === tenant_id)), tableOf(rest)]);
  }
  return {
    hasDomain: (host) => hosts.has(host),
    findOnPortal: (wanted) => (isReservedPath(wanted.path) ? undefined : findIn(portal, wanted)),
    findOnHost: (host, wanted) => findIn(hosts.get(host) ?? anywhere, wanted),
    serviceIds: new Set(configuration.services.map(({ id }) => id)),
  };
}

/** One table a tenant, in the order of the rows: a tenant's priorities say nothing about another's routes. */
function tablesByTenant(
  gateways: readonly GatewayRow[],
  tableOf: (gateways: readonly GatewayRow[]) => RouteTable<CompiledRoute>,
): Tables {
  return [...Map.groupBy(gateways, ({ tenant_id }) => tenant_id).values()].map(tableOf);
}

function findIn(tables: Tables, wanted: Wanted): MatchResult<CompiledRoute> {
  let refused: MatchResult<CompiledRoute>;
  for (const table of tables) {
    const found = table.find(wanted);
    if (found && "route" in found) return found;
    refused ??= found;
  }
  return refused;
}

/** Compiled routes by gateway. */
function compileAll(
  { gateways, routes, services, policies }: Configuration,
  openUpstream: OpenUpstream,
  skip: (route: RouteRow, error: unknown) => void,
): Map<string, CompiledRoute[]> {
  const gatewayOf = new Map(gateways.map((gateway) => [gateway.id, gateway]));
  const upstreamOf = new Map(services.map((service) => [service.id, { service, upstream: openUpstream(service) }]));
  const policiesOf = Map.groupBy(policies, ({ route_id }) => route_id);
  const namesOf = serviceNames(services);
  const compiled = new Map<string, CompiledRoute[]>();
  for (const route of routes) {
    const gateway = gatewayOf.get(route.gateway_id);
    const target = upstreamOf.get(route.service_id);
    if (!gateway || !target) continue; // of an inactive gateway
    try {
      const names = namesOf.get(route.tenant_id) ?? new Map<string, string>();
      const parts = { route, gateway, ...target, policies: policiesOf.get(route.id) ?? [], serviceNames: names };
      const made = compileRoute(parts);
      made.checks = compileChecks(made);
      const ofGateway = compiled.get(gateway.id);
      if (ofGateway) ofGateway.push(made);
      else compiled.set(gateway.id, [made]);
    } catch (error) {
      skip(route, error); // one route that cannot be read must not take the others with it
    }
  }
  return compiled;
}

function serviceNames(services: readonly ServiceRow[]): Map<string, Map<string, string>> {
  const names = new Map<string, Map<string, string>>();
  for (const { id, tenant_id, name, is_active } of services) {
    const ofTenant = names.get(tenant_id) ?? new Map<string, string>();
    if (is_active) ofTenant.set(id, name);
    names.set(tenant_id, ofTenant);
  }
  return names;
}
