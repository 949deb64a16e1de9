import type { Gateway } from "#lib/gateways/contract";
import type { GatewayRow } from "#lib/gateways/repository";

/** A gateway as the outside sees it. */
export function serializeGateway(row: GatewayRow): Gateway {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    domains: row.domains,
    serve_on_portal: row.serveOnPortal,
    error_format: row.errorFormat as Gateway["error_format"],
    cors: row.cors as Gateway["cors"],
    is_active: row.isActive,
    routes_count: row._count.routes,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
