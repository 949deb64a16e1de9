import type { InputOf } from "#lib/core/endpoint";
import { badCursor, decodeTimeCursor, encodeCursor, type Page, page } from "#lib/core/pagination";
import type { Authorized } from "#lib/platform/context";
import type { listUsage as contract, UsageRow } from "#lib/usage/contract";
import { findEvents, type UsageEventRow } from "#lib/usage/repository";
import { serializeEvent } from "#lib/usage/serialize";
import { rangeOf } from "#lib/usage/time-range";
import { filteredKeys, freshUsageScope } from "#lib/usage/usage-scope";

type Query = InputOf<typeof contract>["query"];

/** The requests within the caller's reach, newest first: its own process's up to this moment, others' up to a second ago. */
export async function listUsage(ctx: Authorized<"usage:read">, query: Query): Promise<Page<UsageRow>> {
  const before = query.cursor === undefined ? undefined : readCursor(query.cursor);
  const scope = await freshUsageScope(ctx);
  const filter = {
    apiKeys: await filteredKeys(ctx, scope, query.api_key_id),
    account: query.account_id,
    service: query.service_id,
    gatewayId: query.gateway_id,
    routeId: query.route_id,
    endpoint: query.endpoint,
    path: query.path,
    method: query.method,
    status: query.status_code,
    errorCode: query.error_code,
    requestId: query.request_id,
    management: query.management,
    credential: query.credential,
    ...boundsOf(query, ctx.now),
  };
  const rows = await findEvents(ctx.db, scope, filter, before, query.limit + 1);
  return page(rows, query.limit, cursorOf, (row) => serializeEvent(row, ctx.actor));
}

const cursorOf = (row: UsageEventRow) => encodeCursor([row.occurred_at.getTime(), String(row.id)]);

/** Both ends are open unless the query closes them. */
function boundsOf(query: Query, now: Date) {
  if (query.time_range !== undefined) return { from: rangeOf(query, now, 0).from };
  return {
    from: query.from === undefined ? undefined : new Date(query.from),
    to: query.to === undefined ? undefined : new Date(query.to),
  };
}

function readCursor(cursor: string): { at: Date; id: bigint } {
  const { at, id } = decodeTimeCursor(cursor);
  if (!/^\d{1,18}$/.test(id)) throw badCursor();
  return { at, id: BigInt(id) };
}
