import type { Policy } from "#lib/policies/contract";
import type { PolicyRow } from "#lib/policies/repository";

/** A policy as the outside sees it. */
export function serializePolicy(row: PolicyRow): Policy {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as Policy["kind"],
    configuration: row.configuration as Policy["configuration"],
    routes_count: row._count.routes,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
