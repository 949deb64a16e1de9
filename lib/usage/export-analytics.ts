import { type Csv, toCsv } from "#lib/core/csv";
import type { InputOf } from "#lib/core/endpoint";
import type { Authorized } from "#lib/platform/context";
import type { Analytics, AnalyticsGroup, AnalyticsPoint, getAnalytics as contract } from "#lib/usage/contract";
import { getAnalytics } from "#lib/usage/get-analytics";

type Sums = Omit<AnalyticsPoint, "timestamp">;

const sums = Object.fromEntries(
  (
    [
      "requests",
      "errors",
      "error_rate",
      "avg_latency_ms",
      "p50_latency_ms",
      "p95_latency_ms",
      "p99_latency_ms",
      "credits_used",
      "request_bytes",
      "response_bytes",
      "bytes_transferred",
    ] as const
  ).map((name) => [name, (row: Sums) => row[name]]),
);

const groupFields = {
  route: ["route_id", "route_path"],
  endpoint: ["endpoint"],
  api_key: ["api_key_id", "api_key_name"],
  account: ["account_id", "account_name"],
  service: ["service_id", "service_name"],
  method: ["method"],
  status_code: ["status_code"],
  error_code: ["error_code"],
  user: [],
  version: [],
  country: [],
} as const;

/** `getAnalytics` in the form that is asked for. */
export async function exportAnalytics(
  ctx: Authorized<"usage:read">,
  query: InputOf<typeof contract>["query"],
): Promise<Analytics | Csv> {
  const analytics = await getAnalytics(ctx, query);
  return query.format === "csv" ? tableOf(analytics) : analytics;
}

/** One line per group where something is grouped by, else one per point. */
function tableOf({ group_by, groups, series, from, to }: Analytics): Csv {
  const fields = group_by.flatMap((by): readonly (keyof AnalyticsGroup)[] => groupFields[by]);
  const grouped = Object.fromEntries(fields.map((name) => [name, (row: AnalyticsGroup) => row[name] as string | null]));
  const csv =
    group_by.length > 0
      ? toCsv({ ...grouped, ...sums, share: ({ share }: AnalyticsGroup) => share }, groups)
      : toCsv({ timestamp: ({ timestamp }: AnalyticsPoint) => timestamp, ...sums }, series);
  return { csv, fileName: `analytics-${from.slice(0, 10)}-${to.slice(0, 10)}.csv` };
}
