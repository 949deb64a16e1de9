import type { Route } from "#lib/routes/contract";
import type { RouteRow } from "#lib/routes/repository";

/** A route as the outside sees it. */
export function serializeRoute(row: RouteRow): Route {
  return {
    id: row.id,
    gateway_id: row.gatewayId,
    service_id: row.serviceId,
    service_name: row.service.name,
    name: row.name,
    path: row.path,
    methods: row.methods as Route["methods"],
    headers: row.matchHeaders as Route["headers"],
    priority: row.priority,
    strip_prefix: row.stripPrefix,
    is_active: row.isActive,
    policies: row.policies.map(({ policy }) => policy) as Route["policies"],
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
