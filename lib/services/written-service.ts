import type { UpdateServiceBody, UpdateTargetBody } from "#lib/services/contract";

/** What a body says about a service, as it is stored. What it does not say is not in it. */
export function writtenService(body: UpdateServiceBody) {
  return {
    ...(body.name !== undefined && { name: body.name }),
    ...(body.display_name !== undefined && { displayName: body.display_name }),
    ...(body.description !== undefined && { description: body.description }),
    ...(body.base_url !== undefined && { baseUrl: body.base_url }),
    ...(body.is_active !== undefined && { isActive: body.is_active }),
    ...(body.load_balancer !== undefined && { loadBalancer: body.load_balancer }),
    ...(body.connect_timeout_ms !== undefined && { connectTimeoutMs: body.connect_timeout_ms }),
    ...(body.response_timeout_ms !== undefined && { responseTimeoutMs: body.response_timeout_ms }),
    ...(body.total_timeout_ms !== undefined && { totalTimeoutMs: body.total_timeout_ms }),
  };
}

/** What a body says about a target, as it is stored. */
export function writtenTarget(body: UpdateTargetBody) {
  return {
    ...(body.name !== undefined && { name: body.name }),
    ...(body.url !== undefined && { url: body.url }),
    ...(body.weight !== undefined && { weight: body.weight }),
    ...(body.max_connections !== undefined && { maxConnections: body.max_connections }),
    ...(body.is_active !== undefined && { isActive: body.is_active }),
  };
}
