import { notFound } from "#lib/core/errors";
import type { Context } from "#lib/platform/context";
import { findRoute, type RouteRow } from "#lib/routes/repository";

/** Which route: by its id, and of which gateway where the path names one. */
export interface RouteReference {
  id: string;
  gatewayId?: string;
}

/** One route of the caller's tenant. Another tenant's, another gateway's and none are the same answer. */
export async function requireRoute(
  { db, actor }: Context,
  reference: RouteReference,
  lock: "none" | "forUpdate" = "none",
): Promise<RouteRow> {
  const row = await findRoute(db, { ...reference, tenantId: actor.tenantId }, lock);
  if (!row) throw notFound("route");
  return row;
}
