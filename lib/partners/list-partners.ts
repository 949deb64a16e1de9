import type { InputOf } from "#lib/core/endpoint";
import { decodeTimeCursor, encodeCursor, type Page, page } from "#lib/core/pagination";
import type { listPartners as contract, Partner } from "#lib/partners/contract";
import { findPartners } from "#lib/partners/repository";
import { serializePartner } from "#lib/partners/serialize";
import type { Authorized } from "#lib/platform/context";

/** The tenant's partners, newest first. */
export async function listPartners(
  { db, actor }: Authorized<"partners:read">,
  { search, cursor, limit }: InputOf<typeof contract>["query"],
): Promise<Page<Partner>> {
  const before = cursor === undefined ? undefined : decodeTimeCursor(cursor);
  const rows = await findPartners(db, actor.tenantId, { search, before, take: limit + 1 });
  return page(rows, limit, (row) => encodeCursor([row.createdAt.getTime(), row.id]), serializePartner);
}
