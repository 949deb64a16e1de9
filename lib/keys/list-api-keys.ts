import type { InputOf } from "#lib/core/endpoint";
import { decodeTimeCursor, encodeCursor, type Page, page } from "#lib/core/pagination";
import type { ApiKey, listApiKeys as contract } from "#lib/keys/contract";
import { findApiKeys } from "#lib/keys/repository";
import { serializeApiKey } from "#lib/keys/serialize";
import type { Authorized } from "#lib/platform/context";

/** The keys within the caller's reach, newest first; secrets are never in it. */
export async function listApiKeys(
  ctx: Authorized<"keys:read">,
  query: InputOf<typeof contract>["query"],
): Promise<Page<ApiKey>> {
  const { status, search, account_id: accountId, cursor, limit } = query;
  const before = cursor === undefined ? undefined : decodeTimeCursor(cursor);
  const rows = await findApiKeys(ctx.db, ctx.actor.tenantId, { status, search, accountId, before }, ctx.now, limit + 1);
  return page(
    rows,
    limit,
    (row) => encodeCursor([row.createdAt.getTime(), row.id]),
    (row) => serializeApiKey(row, ctx.now),
  );
}
