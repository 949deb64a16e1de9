import { notFound } from "#lib/core/errors";
import type { Context } from "#lib/platform/context";
import { findPolicy, type PolicyRow } from "#lib/policies/repository";

/** One policy of the caller's tenant. Another tenant's and none are the same answer. */
export async function requirePolicy(
  { db, actor }: Context,
  id: string,
  lock: "none" | "forUpdate" = "none",
): Promise<PolicyRow> {
  const row = await findPolicy(db, actor.tenantId, id, lock);
  if (!row) throw notFound("policy");
  return row;
}
