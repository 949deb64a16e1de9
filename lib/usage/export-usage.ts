import { type Csv, toCsv } from "#lib/core/csv";
import type { InputOf } from "#lib/core/endpoint";
import type { Page } from "#lib/core/pagination";
import type { Authorized } from "#lib/platform/context";
import type { listUsage as contract, UsageRow } from "#lib/usage/contract";
import { listUsage } from "#lib/usage/list-usage";

const rowsMax = 10_000;

/** `listUsage` in the form that is asked for: a page of JSON, or a table of the newest 10,000 before the cursor. */
export async function exportUsage(
  ctx: Authorized<"usage:read">,
  query: InputOf<typeof contract>["query"],
): Promise<Page<UsageRow> | Csv> {
  if (query.format === "json") return listUsage(ctx, query);
  const { data, next_cursor } = await listUsage(ctx, { ...query, limit: rowsMax });
  const fileName = `usage-${ctx.now.toISOString().slice(0, 19).replaceAll(":", "-")}.csv`;
  return { csv: toCsv(columns, data), fileName, next_cursor, rowsMax };
}

const names = [
  "timestamp",
  "request_id",
  "method",
  "path",
  "endpoint",
  "status_code",
  "error_code",
  "response_time_ms",
  "upstream_time_ms",
  "request_bytes",
  "response_bytes",
  "credits_used",
  "api_key_id",
  "key_generation",
  "account_id",
  "user_id",
  "gateway_id",
  "service_id",
  "route_id",
  "oauth_app_id",
  "ip_address",
  "country",
  "user_agent",
  "api_version",
  "cache_status",
  "target",
  "attempts",
  "is_management",
  "decisions",
] as const satisfies readonly (keyof UsageRow)[];

const columns = Object.fromEntries(names.map((name) => [name, (row: UsageRow) => row[name]]));
