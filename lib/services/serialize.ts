import type { Service, ServiceTarget } from "#lib/services/contract";
import type { ServiceRow, TargetRow } from "#lib/services/repository";

/** A service as the outside sees it. */
export function serializeService(row: ServiceRow): Service {
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    display_name: row.displayName,
    description: row.description,
    base_url: row.baseUrl,
    is_active: row.isActive,
    load_balancer: row.loadBalancer as Service["load_balancer"],
    connect_timeout_ms: row.connectTimeoutMs,
    response_timeout_ms: row.responseTimeoutMs,
    total_timeout_ms: row.totalTimeoutMs,
    targets: row.targets.map(serializeTarget),
    routes_count: row._count.routes,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

/** One instance of a service as the outside sees it. */
export function serializeTarget(row: TargetRow): ServiceTarget {
  return {
    id: row.id,
    name: row.name,
    url: row.url,
    weight: row.weight,
    max_connections: row.maxConnections,
    is_active: row.isActive,
    created_at: row.createdAt.toISOString(),
  };
}
