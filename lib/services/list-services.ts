import type { InputOf } from "#lib/core/endpoint";
import { decodeTimeCursor, encodeCursor, type Page, page } from "#lib/core/pagination";
import type { Authorized } from "#lib/platform/context";
import type { listServices as contract, Service } from "#lib/services/contract";
import { findServices } from "#lib/services/repository";
import { serializeService } from "#lib/services/serialize";

/** The tenant's services with their targets, newest first. */
export async function listServices(
  ctx: Authorized<"services:read">,
  query: InputOf<typeof contract>["query"],
): Promise<Page<Service>> {
  const { search, is_active: active, cursor, limit } = query;
  const filter = {
    search,
    isActive: active === undefined ? undefined : active === "true",
    before: cursor === undefined ? undefined : decodeTimeCursor(cursor),
  };
  const rows = await findServices(ctx.db, ctx.actor.tenantId, filter, limit + 1);
  return page(rows, limit, (row) => encodeCursor([row.createdAt.getTime(), row.id]), serializeService);
}
