import { notFound } from "#lib/core/errors";
import { findGateway, type GatewayRow } from "#lib/gateways/repository";
import type { Context } from "#lib/platform/context";

/** One gateway of the caller's tenant. Another tenant's and none are the same answer. `forUpdate` keeps its routes as they are, too. */
export async function requireGateway(
  { db, actor }: Context,
  id: string,
  lock: "none" | "forUpdate" = "none",
): Promise<GatewayRow> {
  const row = await findGateway(db, actor.tenantId, id, lock);
  if (!row) throw notFound("gateway");
  return row;
}
