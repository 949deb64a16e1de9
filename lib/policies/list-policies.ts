import type { InputOf } from "#lib/core/endpoint";
import { decodeTimeCursor, encodeCursor, type Page, page } from "#lib/core/pagination";
import type { Authorized } from "#lib/platform/context";
import type { listPolicies as contract, Policy } from "#lib/policies/contract";
import { findPolicies } from "#lib/policies/repository";
import { serializePolicy } from "#lib/policies/serialize";

/** The tenant's policies, newest first. */
export async function listPolicies(
  ctx: Authorized<"gateways:read">,
  { kind, cursor, limit }: InputOf<typeof contract>["query"],
): Promise<Page<Policy>> {
  const before = cursor === undefined ? undefined : decodeTimeCursor(cursor);
  const rows = await findPolicies(ctx.db, ctx.actor.tenantId, { kind, before }, limit + 1);
  return page(rows, limit, (row) => encodeCursor([row.createdAt.getTime(), row.id]), serializePolicy);
}
