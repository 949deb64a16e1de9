import { notFound } from "#lib/core/errors";
import type { Context } from "#lib/platform/context";
import { findService, type ServiceRow } from "#lib/services/repository";

/** One service of the caller's tenant, by id or small integer. Another tenant's and none are the same answer. */
export async function requireService(
  { db, actor }: Context,
  reference: string,
  lock: "none" | "forUpdate" = "none",
): Promise<ServiceRow> {
  const row = await findService(db, actor.tenantId, reference, lock);
  if (!row) throw notFound("service");
  return row;
}
