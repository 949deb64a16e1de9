import type { Db } from "#lib/platform/db";
import { notUsed } from "#lib/usage/aggregate";
import { allOf, inPeriod, matching, type UsageFilter, type UsageScope } from "#lib/usage/conditions";
import type { Granularity } from "#lib/usage/contract";
import { latencyBucketCount } from "#lib/usage/latency-histogram";
import { coverRange, type TimeRange } from "#lib/usage/time-range";
import { Prisma } from "../../.prisma-client/client.ts";

/** Sums of some requests; `requests` includes `unrecorded`, of which only their number and status are known. */
export interface UsageSumRow {
  requests: number;
  unrecorded: number;
  errors: number;
  management: number;
  credits: number;
  requestBytes: number;
  responseBytes: number;
  latencyUs: number;
}

/** `gatewayId`: of the routes this gateway has now, for the sums hold routes and no gateways. */
export type SumsFilter = UsageFilter & TimeRange & { gatewayId?: string | undefined };

/** What `sumColumns` selects. */
export interface SumColumns {
  requests: bigint | null;
  unrecorded: bigint | null;
  errors: bigint | null;
  management: bigint | null;
  credits: bigint | null;
  request_bytes: bigint | null;
  response_bytes: bigint | null;
  latency_us: bigint | null;
}

export const sumColumns = Prisma.sql`sum(requests)::bigint AS requests, sum(unrecorded)::bigint AS unrecorded, sum(errors)::bigint AS errors,
  coalesce(sum(requests) FILTER (WHERE is_management), 0)::bigint AS management, sum(credits)::bigint AS credits,
  sum(request_bytes)::bigint AS request_bytes, sum(response_bytes)::bigint AS response_bytes, sum(latency_us)::bigint AS latency_us`;

/** Bucket by bucket, written out: unnesting the arrays costs four times as much. */
export const latencyColumn = Prisma.raw(
  `ARRAY[${Array.from({ length: latencyBucketCount }, (_, at) => `sum(latency_histogram[${at + 1}])::bigint`).join(", ")}] AS latencies`,
);

/** What `latencyColumn` selects. */
export interface LatencyColumn {
  latencies: (bigint | null)[];
}

const groups = {
  none: Prisma.sql`NULL::text AS first, NULL::text AS second`,
  status: Prisma.sql`status::text AS first, NULL::text AS second`,
  account: Prisma.sql`account_id AS first, NULL::text AS second`,
  endpoint: Prisma.sql`endpoint AS first, method AS second`,
};

/**
 * Sums of the requests that match in a range of whole `period`s, one row per group: `status` is the code, `account` its id, `endpoint`
 * its path and method. The largest first.
 */
export async function sumUsage(
  db: Db,
  scope: UsageScope,
  filter: SumsFilter,
  period: Granularity,
  by: keyof typeof groups,
  take = 5_000,
): Promise<(UsageSumRow & { group: [string, string] })[]> {
  const rows = await db.$queryRaw<(SumColumns & { first: string | null; second: string | null })[]>`
    SELECT ${groups[by]}, ${sumColumns} FROM ${coveringSums(scope, filter, period)}
    GROUP BY first, second ORDER BY requests DESC NULLS LAST, first, second LIMIT ${take}`;
  return rows.map((row) => ({ group: [row.first ?? "", row.second ?? ""], ...readSums(row) }));
}

/** The sums of each period that has any, by its start (Unix milliseconds). */
export async function sumPeriods(
  db: Db,
  scope: UsageScope,
  filter: SumsFilter,
  period: Granularity,
): Promise<Map<number, UsageSumRow>> {
  const rows = await db.$queryRaw<(SumColumns & { bucket_at: Date })[]>`
    SELECT bucket_at, ${sumColumns} FROM usage_sums WHERE ${inSums(scope, filter, period)} GROUP BY bucket_at`;
  return new Map(rows.map((row) => [row.bucket_at.getTime(), readSums(row)]));
}

/** Some sums, and how their latencies spread. */
export interface MeasuredSum extends UsageSumRow {
  /** lib/usage/latency-histogram.ts */
  latencies: number[];
}

/** The sums of the requests that match: those of the management API, and the others. */
export async function sumByManagement(
  db: Db,
  scope: UsageScope,
  filter: SumsFilter,
  period: Granularity,
): Promise<{ isManagement: boolean; sum: MeasuredSum }[]> {
  const rows = await db.$queryRaw<(SumColumns & LatencyColumn & { is_management: boolean })[]>`
    SELECT is_management, ${sumColumns}, ${latencyColumn} FROM ${coveringSums(scope, filter, period)} GROUP BY is_management`;
  return rows.map((row) => ({
    isManagement: row.is_management,
    sum: { ...readSums(row), latencies: readLatencies(row) },
  }));
}

/** How many keys made the requests that match, not counting those that were only refused for not being good. */
export async function countUsedKeys(
  db: Db,
  scope: UsageScope,
  filter: SumsFilter,
  period: Granularity,
): Promise<number> {
  const [row] = await db.$queryRaw<{ keys: bigint }[]>`
    SELECT count(DISTINCT api_key_id) FILTER (WHERE api_key_id <> '' AND error_code <> ALL(${[...notUsed]})) AS keys
    FROM ${coveringSums(scope, filter, period)}`;
  return Number(row?.keys ?? 0);
}

/** The fewest sums that add up to everything that matches in a range of whole `period`s, as a table. Which periods they are of says nothing. */
export function coveringSums(scope: UsageScope, filter: SumsFilter, period: Granularity): Prisma.Sql {
  const pieces = coverRange(period, filter).map(
    (piece) => Prisma.sql`SELECT * FROM usage_sums WHERE ${inSums(scope, { ...filter, ...piece }, piece.period)}`,
  );
  return Prisma.sql`(${Prisma.join(pieces, " UNION ALL ")}) AS sums`;
}

/** The condition of everything that is to be summed. */
export function inSums(scope: UsageScope, filter: SumsFilter, period: Granularity): Prisma.Sql {
  const { gatewayId } = filter;
  return allOf([
    inPeriod(period, filter),
    matching(scope, filter),
    gatewayId &&
      Prisma.sql`route_id IN (SELECT id FROM routes WHERE tenant_id = ${scope.tenantId} AND gateway_id = ${gatewayId})`,
  ]);
}

/** Sums of no rows at all are zeros. */
export function readSums(row: SumColumns): UsageSumRow {
  return {
    requests: Number(row.requests),
    unrecorded: Number(row.unrecorded),
    errors: Number(row.errors),
    management: Number(row.management),
    credits: Number(row.credits),
    requestBytes: Number(row.request_bytes),
    responseBytes: Number(row.response_bytes),
    latencyUs: Number(row.latency_us),
  };
}

/** As a histogram (lib/usage/latency-histogram.ts). */
export function readLatencies(row: LatencyColumn | undefined): number[] {
  return (row?.latencies ?? []).map(Number);
}
