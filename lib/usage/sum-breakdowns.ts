import type { Db } from "#lib/platform/db";
import type { UsageFilter, UsageScope } from "#lib/usage/conditions";
import type { Granularity, Stats, UsageTotals } from "#lib/usage/contract";

import { averageLatencyMs, errorRate, noUsage, serializeTotals } from "#lib/usage/serialize";
import { sumLatencies, sumUsage } from "#lib/usage/sums-repository";
import { bucketsOf, floorTo, type TimeRange } from "#lib/usage/time-range";

export type Breakdowns = Pick<Stats, "by_status" | "top_endpoints" | "daily">;

const topEndpointsMax = 10;
const sparklineDays = 30;
const dayMs = 86_400_000;

/** The totals of the requests that match. Management calls are counted beside whether or not they are part of the totals. */
export async function sumTotals(
  db: Db,
  scope: UsageScope,
  filter: UsageFilter & TimeRange,
  period: Granularity,
): Promise<UsageTotals> {
  const [sum] = await sumUsage(db, scope, filter, period, "none");
  const [managed] =
    filter.management === "exclude"
      ? await sumUsage(db, scope, { ...filter, management: "only" }, period, "none")
      : [sum];
  return serializeTotals(sum ?? noUsage, managed?.management ?? 0, await sumLatencies(db, scope, filter, period));
}

/** The same requests by status and endpoint, and (over the last 30 days, whatever the range) by day. */
export async function sumBreakdowns(
  db: Db,
  scope: UsageScope,
  filter: UsageFilter & TimeRange,
  period: Granularity,
  now: Date,
): Promise<Breakdowns> {
  const statuses = await sumUsage(db, scope, filter, period, "status");
  const endpoints = await sumUsage(db, scope, filter, period, "endpoint", topEndpointsMax);
  return {
    by_status: statuses.map(({ group: [status], requests }) => ({ status_code: Number(status), requests })),
    top_endpoints: endpoints.map((sum) => {
      const {
        group: [endpoint, method],
        requests,
        errors,
      } = sum;
      return { endpoint, method, requests, errors, error_rate: errorRate(sum), avg_latency_ms: averageLatencyMs(sum) };
    }),
    daily: await sumDaily(db, scope, filter, now),
  };
}

async function sumDaily(
  db: Db,
  scope: UsageScope,
  filter: UsageFilter & TimeRange,
  now: Date,
): Promise<Breakdowns["daily"]> {
  const range = { from: floorTo("day", new Date(now.getTime() - (sparklineDays - 1) * dayMs)), to: now };
  const days = await sumUsage(db, scope, { ...filter, ...range }, "day", "bucket");
  const byDate = new Map(days.map((sum) => [sum.group[0].slice(0, 10), sum]));
  return bucketsOf("day", range).map((bucket) => {
    const date = bucket.toISOString().slice(0, 10);
    const { requests, errors } = byDate.get(date) ?? noUsage;
    return { date, requests, errors };
  });
}
