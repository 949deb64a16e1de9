import type { Db } from "#lib/platform/db";
import type { Buckets } from "#lib/usage/buckets";
import type { UsageScope } from "#lib/usage/conditions";
import type { Granularity, Grouping } from "#lib/usage/contract";
import {
  coveringSums,
  inSums,
  type LatencyColumn,
  latencyColumn,
  type MeasuredSum,
  readLatencies,
  readSums,
  type SumColumns,
  type SumsFilter,
  sumColumns,
  type UsageSumRow,
} from "#lib/usage/sums-repository";
import { Prisma } from "../../.prisma-client/client.ts";

/** What the sums hold, and so can be grouped by. */
export type SummedGrouping = Exclude<Grouping, "user" | "version" | "country">;

const columns: Record<SummedGrouping, Prisma.Sql> = {
  route: Prisma.sql`route_id`,
  endpoint: Prisma.sql`endpoint`,
  api_key: Prisma.sql`api_key_id`,
  account: Prisma.sql`account_id`,
  service: Prisma.sql`service_id`,
  method: Prisma.sql`method`,
  status_code: Prisma.sql`status::text`,
  error_code: Prisma.sql`error_code`,
};

/** The sums of each point that has any, by its position. */
export async function sumPoints(
  db: Db,
  scope: UsageScope,
  filter: SumsFilter,
  { period, starts }: Buckets,
): Promise<Map<number, MeasuredSum>> {
  const rows = await db.$queryRaw<(SumColumns & LatencyColumn & { point: number })[]>`
    SELECT ${pointOf(starts)} AS point, ${sumColumns}, ${latencyColumn}
    FROM usage_sums WHERE ${inSums(scope, filter, period)} GROUP BY point`;
  return new Map(rows.map((row) => [row.point, { ...readSums(row), latencies: readLatencies(row) }]));
}

/** A group's values in the order of the groupings, "" for none, as text. */
export type GroupValues = string[];

export interface GroupSum extends MeasuredSum {
  values: GroupValues;
}

/** The largest groups, and how many there are in all. */
export async function sumGroups(
  db: Db,
  scope: UsageScope,
  filter: SumsFilter,
  period: Granularity,
  by: readonly SummedGrouping[],
  take: number,
): Promise<{ groups: GroupSum[]; total: number }> {
  const rows = await db.$queryRaw<(SumColumns & LatencyColumn & { values: GroupValues; total: bigint })[]>`
    SELECT ${valuesOf(by)} AS values, ${sumColumns}, ${latencyColumn}, count(*) OVER () AS total
    FROM ${coveringSums(scope, filter, period)}
    GROUP BY values ORDER BY requests DESC, values LIMIT ${take}`;
  const groups = rows.map((row) => ({ values: row.values, ...readSums(row), latencies: readLatencies(row) }));
  return { groups, total: Number(rows[0]?.total ?? 0) };
}

export interface GroupPointSum extends UsageSumRow {
  values: GroupValues;
  point: number;
}

/** The sums of each point of some groups: one query, however many groups there are. */
export async function sumGroupPoints(
  db: Db,
  scope: UsageScope,
  filter: SumsFilter,
  { period, starts }: Buckets,
  by: readonly SummedGrouping[],
  wanted: readonly GroupValues[],
): Promise<GroupPointSum[]> {
  const lists = by.map((_, at) => Prisma.sql`${wanted.map((values) => values[at] ?? "")}::text[]`);
  const rows = await db.$queryRaw<(SumColumns & { values: GroupValues; point: number })[]>`
    SELECT ${valuesOf(by)} AS values, ${pointOf(starts)} AS point, ${sumColumns}
    FROM usage_sums WHERE ${inSums(scope, filter, period)}
      AND (${Prisma.join(by.map((name) => columns[name]))}) IN (SELECT * FROM unnest(${Prisma.join(lists)}))
    GROUP BY values, point`;
  return rows.map((row) => ({ values: row.values, point: row.point, ...readSums(row) }));
}

const valuesOf = (by: readonly SummedGrouping[]) => Prisma.sql`ARRAY[${Prisma.join(by.map((name) => columns[name]))}]`;

const pointOf = (starts: readonly Date[]) =>
  Prisma.sql`width_bucket(bucket_at, ${starts.map((start) => start.toISOString())}::timestamptz[]) - 1`;
