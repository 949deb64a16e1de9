import { type CompiledRoute, compileRoute } from "#gateway/compile";
import { type MatchResult, RouteTable, type Wanted } from "#gateway/match-route";
import { compileChecks } from "#gateway/pipeline";
import type { Configuration, GatewayRow, RouteRow, ServiceRow } from "#gateway/read-configuration";
import type { Upstream } from "#gateway/upstream/forward";
import type { ErrorFormat } from "#lib/core/endpoint";
import { isReservedPath } from "#lib/gateways/reserved-paths";

export interface DomainOwner {
  readonly tenantId: string;
  /** What clients of the domain read where no route is concerned: as the first gateway that named it has it. */
  readonly errorFormat: ErrorFormat;
}

interface Domain extends DomainOwner {
  readonly table: RouteTable<CompiledRoute>;
}

/** What is served where, at one moment. Never changed: a new one takes its place. */
export interface Snapshot {
  /** Whose domain a host is, and so no host of the portal. */
  ownerOf(host: string): DomainOwner | undefined;
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
  const routesOf = (gateways: readonly GatewayRow[]) => gateways.flatMap(({ id }) => compiled.get(id) ?? []);
  const tableOf = (gateways: readonly GatewayRow[]) => new RouteTable(byTenant(gateways).map(routesOf));
  const anyHost = configuration.gateways.filter(({ domains }) => domains.length === 0);
  const portal = tableOf(configuration.gateways.filter((gateway) => gateway.serve_on_portal));
  const anywhere = tableOf(anyHost);
  const hosts = new Map<string, Domain>();
  const anyHostOf = Map.groupBy(anyHost, ({ tenant_id }) => tenant_id);
  const ofDomain = gatewaysByDomain(configuration.gateways);
  for (const { name, tenant_id } of configuration.domains) {
    // On somebody's domain only their own gateways answer, those for any host last.
    const own = ofDomain.get(name)?.filter((gateway) => gateway.tenant_id === tenant_id) ?? [];
    const table = new RouteTable([routesOf(own), routesOf(anyHostOf.get(tenant_id) ?? [])]);
    hosts.set(name, { tenantId: tenant_id, errorFormat: own[0]?.error_format ?? "problem", table });
  }
  return {
    ownerOf: (host) => hosts.get(host),
    findOnPortal: (wanted) => (isReservedPath(wanted.path) ? undefined : portal.find(wanted)),
    findOnHost: (host, wanted) => (hosts.get(host)?.table ?? anywhere).find(wanted),
    serviceIds: new Set(configuration.services.map(({ id }) => id)),
  };
}

/** In the order of the rows: a tenant's priorities say nothing about another's routes. */
function byTenant(gateways: readonly GatewayRow[]): GatewayRow[][] {
  return [...Map.groupBy(gateways, ({ tenant_id }) => tenant_id).values()];
}

function gatewaysByDomain(gateways: readonly GatewayRow[]): Map<string, GatewayRow[]> {
  const found = new Map<string, GatewayRow[]>();
  for (const gateway of gateways) {
    for (const domain of gateway.domains) {
      const known = found.get(domain);
      if (known) known.push(gateway);
      else found.set(domain, [gateway]);
    }
  }
  return found;
}

/** Compiled routes by gateway. */
function compileAll(
  { gateways, routes, services, policies }: Configuration,
  openUpstream: OpenUpstream,
  skip: (route: RouteRow, error: unknown) => void,
): Map<string, CompiledRoute[]> {
  const gatewayOf = new Map(gateways.map((gateway) => [gateway.id, gateway]));
  const serviceOf = new Map(services.map((service) => [service.id, service]));
  const upstreams = new Map<string, Upstream>();
  const policiesOf = Map.groupBy(policies, ({ route_id }) => route_id);
  const namesOf = serviceNames(services);
  const compiled = new Map<string, CompiledRoute[]>();
  for (const route of routes) {
    const gateway = gatewayOf.get(route.gateway_id);
    const service = serviceOf.get(route.service_id);
    if (!gateway || !service) continue; // of an inactive gateway
    try {
      const upstream = upstreams.get(service.id) ?? openUpstream(service);
      upstreams.set(service.id, upstream);
      const names = namesOf.get(route.tenant_id) ?? new Map<string, string>();
      const parts = {
        route,
        gateway,
        service,
        upstream,
        policies: policiesOf.get(route.id) ?? [],
        serviceNames: names,
      };
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
