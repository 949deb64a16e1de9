import { gatewayOpenApi } from "#lib/catalog/gateway-openapi";
import { findPublishedGateways } from "#lib/catalog/repository";
import { notFound } from "#lib/core/errors";
import type { Authorized } from "#lib/platform/context";
import { runtime } from "#lib/platform/runtime";

/** The OpenAPI document of one active gateway. An inactive one, another tenant's and none are the same answer. */
export async function getGatewayOpenApi(
  { actor, db }: Authorized<"catalog:read">,
  gatewayId: string,
): Promise<Record<string, unknown>> {
  const [gateway] = await findPublishedGateways(db, actor.tenantId, gatewayId);
  if (!gateway) throw notFound("gateway");
  return gatewayOpenApi(gateway, runtime().env);
}
