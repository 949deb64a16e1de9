import type { Db } from "#lib/platform/db";
import type { UsageFilter, UsageScope } from "#lib/usage/conditions";
import type { Granularity, Stats, UsageTotals } from "#lib/usage/contract";

import { addUp, averageLatencyMs, errorRate, noUsage, serializeTotals } from "#lib/usage/serialize";
import { sumByManagement, sumPeriods, sumUsage } from "#lib/usage/sums-repository";
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
  const isExcluded = filter.management === "exclude";
  const parts = await sumByManagement(db, scope, isExcluded ? { ...filter, management: "include" } : filter, period);
  const managed = parts.find(({ isManagement }) => isManagement)?.sum.requests ?? 0;
  const sum = addUp(parts.filter(({ isManagement }) => !(isExcluded && isManagement)).map((part) => part.sum));
  return serializeTotals(sum, managed, sum.latencies);
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
  const days = await sumPeriods(db, scope, { ...filter, ...range }, "day");
  return bucketsOf("day", range).map((start) => {
    const { requests, errors } = days.get(start.getTime()) ?? noUsage;
    return { date: start.toISOString().slice(0, 10), requests, errors };
  });
}
