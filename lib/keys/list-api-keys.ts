import type { InputOf } from "#lib/core/endpoint";
import { decodeTimeCursor, encodeCursor, type Page, page } from "#lib/core/pagination";
import type { ApiKey, listApiKeys as contract } from "#lib/keys/contract";
import { describeApiKey } from "#lib/keys/describe-api-key";
import { findApiKeys } from "#lib/keys/repository";
import type { Authorized } from "#lib/platform/context";

/** The keys within the caller's reach, newest first; secrets are never in it. */
export async function listApiKeys(
  ctx: Authorized<"keys:read">,
  query: InputOf<typeof contract>["query"],
): Promise<Page<ApiKey>> {
  const { status, search, account_id: account, cursor, limit } = query;
  const before = cursor === undefined ? undefined : decodeTimeCursor(cursor);
  const rows = await findApiKeys(ctx.db, ctx.actor, { status, search, account, before }, ctx.now, limit + 1);
  const shown = page(
    rows,
    limit,
    (row) => encodeCursor([row.createdAt.getTime(), row.id]),
    (row) => row,
  );
  const keys: ApiKey[] = [];
  for (const row of shown.data) keys.push(await describeApiKey(ctx.db, row, ctx.now)); // one transaction asks one thing at a time
  return { ...shown, data: keys };
}
