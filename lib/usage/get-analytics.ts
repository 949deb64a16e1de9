import type { InputOf } from "#lib/core/endpoint";
import type { Authorized } from "#lib/platform/context";
import type { Db } from "#lib/platform/db";
import {
  type GroupPointSum,
  type SummedGrouping,
  sumGroupPoints,
  sumGroups,
  sumPoints,
} from "#lib/usage/analytics-repository";
import { type Buckets, cutInto } from "#lib/usage/buckets";
import type { UsageScope } from "#lib/usage/conditions";
import type { Analytics, AnalyticsGroup, getAnalytics as contract } from "#lib/usage/contract";
import { describeGroups, requireSummed } from "#lib/usage/describe-groups";
import { addUp, noUsage, serializeMeasuredPoint, serializePoint, serializeTotals, shareOf } from "#lib/usage/serialize";
import { sumTotals } from "#lib/usage/sum-breakdowns";
import { type MeasuredSum, type SumsFilter, sumUsage } from "#lib/usage/sums-repository";
import { badField, chartPeriod, countedRange, finestPeriod, rangeOf, type TimeRange } from "#lib/usage/time-range";
import { filteredKeys, freshUsageScope } from "#lib/usage/usage-scope";

type Query = InputOf<typeof contract>["query"];

const dayMs = 86_400_000;

/** Requests over time in points without a gap, their totals, and the largest groups of them; the last 24 hours unless asked otherwise. */
export async function getAnalytics(ctx: Authorized<"usage:read">, query: Query): Promise<Analytics> {
  const asked = rangeOf(query, ctx.now, dayMs);
  const granularity = query.granularity ?? chartPeriod(asked, ctx.now);
  const buckets = cutInto(granularity, query.timezone, asked, ctx.now);
  const by = requireSummed(query.group_by);
  const seriesLimit = seriesLimitOf(query, buckets);
  const scope = await freshUsageScope(ctx);
  const filter = await filterOf(ctx, scope, query, buckets.range);
  const question: Question = { ...ctx, scope, filter, buckets, by, limit: query.limit, seriesLimit };
  const points = await sumPoints(ctx.db, scope, filter, buckets);
  const sum = addUp([...points.values()]);
  const { groups, total } = by.length > 0 ? await groupsOf(question, sum.requests) : { groups: [], total: 0 };
  return {
    ...isoRange(buckets.range),
    granularity,
    timezone: query.timezone,
    group_by: query.group_by,
    totals: serializeTotals(sum, await countManagement(question, sum), sum.latencies),
    previous: query.compare === "previous" ? await totalsBefore(question) : null,
    series: buckets.starts.map((start, at) => serializeMeasuredPoint(start, points.get(at))),
    groups,
    total_groups: total,
  };
}

/** What is asked, made ready for the sums. */
interface Question {
  db: Db;
  now: Date;
  scope: UsageScope;
  filter: SumsFilter;
  buckets: Buckets;
  by: readonly SummedGrouping[];
  limit: number;
  seriesLimit: number;
}

async function filterOf(
  ctx: Authorized<"usage:read">,
  scope: UsageScope,
  query: Query,
  range: TimeRange,
): Promise<SumsFilter> {
  return {
    apiKeys: await filteredKeys(ctx, scope, query.api_key_id),
    account: query.account_id,
    service: query.service_id,
    gatewayId: query.gateway_id,
    routeId: query.route_id,
    endpoint: query.endpoint,
    method: query.method,
    status: query.status_code,
    errorCode: query.error_code,
    management: query.management,
    credential: query.credential,
    ...range,
  };
}

/** Calls of the management API are counted beside whether or not they are part of the totals. */
async function countManagement({ db, scope, filter, buckets }: Question, sum: MeasuredSum): Promise<number> {
  if (filter.management !== "exclude") return sum.management;
  const [managed] = await sumUsage(db, scope, { ...filter, management: "only" }, buckets.period, "none");
  return managed?.management ?? 0;
}

async function totalsBefore({ db, now, scope, filter }: Question): Promise<Analytics["previous"]> {
  const { from, to } = filter;
  const asked = { from: new Date(2 * from.getTime() - to.getTime()), to: from };
  const period = finestPeriod(asked, now);
  const range = countedRange(period, asked, now);
  return { ...isoRange(range), totals: await sumTotals(db, scope, { ...filter, ...range }, period) };
}

async function groupsOf(
  { db, scope, filter, buckets, by, limit, seriesLimit }: Question,
  requests: number,
): Promise<{ groups: AnalyticsGroup[]; total: number }> {
  const { groups, total } = await sumGroups(db, scope, filter, buckets.period, by, limit);
  const values = groups.map((group) => group.values);
  const wanted = values.slice(0, seriesLimit);
  const points = wanted.length === 0 ? [] : await sumGroupPoints(db, scope, filter, buckets, by, wanted);
  const byGroup = Map.groupBy(points, (point) => keyOf(point.values));
  const described = await describeGroups(db, by, values);
  return {
    total,
    groups: groups.map((group, at) => {
      const { timestamp: _, ...sums } = serializeMeasuredPoint(buckets.range.from, group);
      return {
        key: keyOf(group.values),
        ...(described[at] ?? { label: "" }),
        share: shareOf(group.requests, requests),
        ...sums,
        series: at < wanted.length ? seriesOf(buckets, byGroup.get(keyOf(group.values)) ?? []) : null,
      };
    }),
  };
}

const keyOf = (values: readonly string[]) => values.join("|");

const groupSeriesByDefault = 10;
const groupPointsMax = 12_000;

function seriesLimitOf({ series_limit, limit }: Query, { starts }: Buckets): number {
  const affordable = Math.floor(groupPointsMax / Math.max(1, starts.length));
  if (series_limit === undefined) return Math.min(groupSeriesByDefault, affordable);
  if (Math.min(series_limit, limit) > affordable)
    throw badField(
      "series_limit",
      `gives more than ${groupPointsMax} points: at most ${affordable} with this time and granularity`,
    );
  return series_limit;
}

function seriesOf({ starts }: Buckets, sums: readonly GroupPointSum[]) {
  const byPoint = new Map(sums.map((sum) => [sum.point, sum]));
  return starts.map((start, at) => serializePoint(start, byPoint.get(at) ?? noUsage));
}

function isoRange({ from, to }: TimeRange): { from: string; to: string } {
  return { from: from.toISOString(), to: to.toISOString() };
}
