import type { InputOf } from "#lib/core/endpoint";
import { decodeTimeCursor, encodeCursor, type Page, page } from "#lib/core/pagination";
import type { listGateways as contract, Gateway } from "#lib/gateways/contract";
import { findGateways } from "#lib/gateways/repository";
import { serializeGateway } from "#lib/gateways/serialize";
import type { Authorized } from "#lib/platform/context";

/** The tenant's gateways, newest first. */
export async function listGateways(
  ctx: Authorized<"gateways:read">,
  { search, cursor, limit }: InputOf<typeof contract>["query"],
): Promise<Page<Gateway>> {
  const before = cursor === undefined ? undefined : decodeTimeCursor(cursor);
  const rows = await findGateways(ctx.db, ctx.actor.tenantId, { search, before }, limit + 1);
  return page(rows, limit, (row) => encodeCursor([row.createdAt.getTime(), row.id]), serializeGateway);
}
