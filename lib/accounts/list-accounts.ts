import type { Account, listAccounts as contract } from "#lib/accounts/contract";
import { type AccountRow, findAccounts } from "#lib/accounts/repository";
import type { InputOf } from "#lib/core/endpoint";
import { decodeTimeCursor, encodeCursor, type Page, page } from "#lib/core/pagination";
import type { Authorized } from "#lib/platform/context";

/** The accounts the caller may act for, newest first. */
export async function listAccounts(
  ctx: Authorized<"accounts:read">,
  query: InputOf<typeof contract>["query"],
): Promise<Page<Account>> {
  const before = query.cursor === undefined ? undefined : decodeTimeCursor(query.cursor);
  const rows = await findAccounts(ctx.db, ctx.actor, { ...query, before }, query.limit + 1);
  return page(rows, query.limit, (row) => encodeCursor([row.createdAt.getTime(), row.id]), serializeAccount);
}

function serializeAccount(row: AccountRow): Account {
  return {
    id: row.id,
    number: row.number,
    kind: row.kind as Account["kind"],
    name: row.name,
    parent_id: row.parentId,
    status: row.status as Account["status"],
    created_at: row.createdAt.toISOString(),
  };
}
