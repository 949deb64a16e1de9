import { baseUrlOf } from "#lib/catalog/base-url";
import type { CatalogApi } from "#lib/catalog/contract";
import { inOrder } from "#lib/catalog/in-order";
import { findAllowedServices, findPublishedGateways, type PublishedGateway } from "#lib/catalog/repository";
import { credentialsOf } from "#lib/catalog/route-credentials";
import type { Authorized } from "#lib/platform/context";
import { runtime } from "#lib/platform/runtime";

/** What can be called, and which of it by the caller's account. Operators act for the tenant, so they may call all. */
export async function getCatalog({ actor, db }: Authorized<"catalog:read">): Promise<{ data: CatalogApi[] }> {
  const gateways = await findPublishedGateways(db, actor.tenantId);
  const allowed = actor.accountId === null ? null : await findAllowedServices(db, actor.tenantId, actor.accountId);
  const published = gateways.filter(({ routes }) => routes.length > 0);
  return { data: published.map((gateway) => catalogApi(gateway, allowed)) };
}

function catalogApi(gateway: PublishedGateway, allowed: ReadonlySet<string> | null): CatalogApi {
  return {
    gateway_id: gateway.id,
    name: gateway.name,
    description: gateway.description,
    base_url: baseUrlOf(gateway, runtime().env),
    on_portal: gateway.serveOnPortal,
    openapi_path: `/api/v1/api-management/gateways/${gateway.id}/openapi.json`,
    routes: inOrder(gateway.routes).map((route) => ({
      id: route.id,
      name: route.name,
      path: route.path,
      methods: route.methods,
      service_id: route.serviceId,
      service_name: route.service.name,
      credentials: credentialsOf(route),
      is_allowed: allowed === null || allowed.has(route.serviceId),
    })),
  };
}
