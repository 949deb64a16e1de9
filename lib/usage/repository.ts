import { accountsWithin } from "#lib/accounts/accounts-within";
import type { Db } from "#lib/platform/db";
import { notUsed } from "#lib/usage/aggregate";
import type { Granularity, Management } from "#lib/usage/contract";
import type { TimeRange } from "#lib/usage/time-range";
import { Prisma } from "../../.prisma-client/client.ts";

/** Whose usage: one tenant's, and of it all accounts (null) or these. Row-level security stands behind it. */
export interface UsageScope {
  tenantId: string;
  accountIds: readonly string[] | null;
}

export interface UsageFilter {
  /** With its account, by whose index its requests are found. */
  apiKey?: Pick<UsedKey, "id" | "accountId"> | undefined;
  /** An id or small integer (rules R4); one that names nothing finds nothing. */
  account?: string | undefined;
  endpoint?: string | undefined;
  method?: string | undefined;
  /** `404` or `4xx`. */
  status?: string | undefined;
  management: Management;
  /** `api_key`: only calls made with a key, not those of people clicking in the portal. */
  credential?: "any" | "api_key";
  from?: Date | undefined;
  to?: Date | undefined;
}

export interface UsageEventRow {
  id: bigint;
  occurred_at: Date;
  account_id: string | null;
  api_key_id: string | null;
  key_generation: number | null;
  user_id: string | null;
  gateway_id: string | null;
  service_id: string | null;
  route_id: string | null;
  oauth_app_id: string | null;
  endpoint: string;
  path: string;
  method: string;
  status: number;
  error_code: string | null;
  latency_us: number;
  upstream_us: number | null;
  request_bytes: bigint;
  response_bytes: bigint;
  credits: bigint;
  ip_address: string;
  country: string | null;
  user_agent: string | null;
  request_id: string;
  api_version: string | null;
  cache_status: string | null;
  target: string | null;
  attempts: number;
  is_management: boolean;
  trace: number[];
}

/** The accounts of a reach: null for all, else one account and its customers. */
export async function findAccountsInReach(db: Db, tenantId: string, reach: string): Promise<string[] | null> {
  if (reach === "*") return null;
  const accounts = await db.account.findMany({
    where: accountsWithin({ tenantId, reach }),
    select: { id: true },
  });
  return accounts.map(({ id }) => id);
}

export interface UsedKey {
  id: string;
  accountId: string;
  lastUsedAt: Date | null;
  lastUsedIp: string | null;
}

/** A key the caller may see, and when it was last used with any of its secrets. A deleted one only `withDeleted`: its history stays. */
export async function findUsedKey(
  db: Db,
  { tenantId, accountIds }: UsageScope,
  reference: string,
  withDeleted = false,
): Promise<UsedKey | null> {
  const key = await db.apiKey.findFirst({
    where: {
      tenantId,
      ...(withDeleted ? {} : { deletedAt: null }),
      ...idOrNumber(reference),
      ...(accountIds && { accountId: { in: [...accountIds] } }),
    },
    select: { id: true, accountId: true, usage: { orderBy: { lastUsedAt: { sort: "desc", nulls: "last" } }, take: 1 } },
  });
  const { lastUsedAt = null, lastUsedIp = null } = key?.usage[0] ?? {};
  return key && { id: key.id, accountId: key.accountId, lastUsedAt, lastUsedIp };
}

function idOrNumber(reference: string): { number: number } | { id: string } {
  return /^\d+$/.test(reference) ? { number: Number(reference) } : { id: reference };
}

/** Requests, newest first, those before a position when one is given. */
export function findEvents(
  db: Db,
  scope: UsageScope,
  filter: UsageFilter,
  before: { at: Date; id: bigint } | undefined,
  take: number,
): Promise<UsageEventRow[]> {
  const position = before ? Prisma.sql`AND (occurred_at, id) < (${before.at}, ${before.id})` : Prisma.empty;
  const from = filter.from ? Prisma.sql`AND occurred_at >= ${filter.from}` : Prisma.empty;
  const to = filter.to ? Prisma.sql`AND occurred_at < ${filter.to}` : Prisma.empty;
  return db.$queryRaw<UsageEventRow[]>`
    SELECT id, occurred_at, account_id, api_key_id, key_generation, user_id, gateway_id, service_id, route_id, oauth_app_id, endpoint, path,
      method, status, error_code, latency_us, upstream_us, request_bytes, response_bytes, credits, ip_address, country, user_agent,
      request_id, api_version, cache_status, target, attempts, is_management, trace
    FROM usage_events WHERE ${matching(scope, filter)} ${from} ${to} ${position}
    ORDER BY occurred_at DESC, id DESC LIMIT ${take}`;
}

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

const groups = {
  none: Prisma.sql`NULL::text AS first, NULL::text AS second`,
  bucket: Prisma.sql`to_char(bucket_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS first, NULL::text AS second`,
  status: Prisma.sql`status::text AS first, NULL::text AS second`,
  endpoint: Prisma.sql`endpoint AS first, method AS second`,
};

/**
 * Sums of the requests that match, from the kept sums of one period, one row per group: `bucket` is the start of the period in
 * ISO 8601, `status` the code, `endpoint` its path and method. The largest first.
 */
export async function sumUsage(
  db: Db,
  scope: UsageScope,
  filter: UsageFilter & TimeRange,
  period: Granularity,
  by: keyof typeof groups,
  take = 5_000,
): Promise<(UsageSumRow & { group: [string, string] })[]> {
  const rows = await db.$queryRaw<(Record<string, bigint | null> & { first: string | null; second: string | null })[]>`
    SELECT ${groups[by]}, sum(requests)::bigint AS requests, sum(unrecorded)::bigint AS unrecorded, sum(errors)::bigint AS errors,
      coalesce(sum(requests) FILTER (WHERE is_management), 0)::bigint AS management, sum(credits)::bigint AS credits,
      sum(request_bytes)::bigint AS request_bytes, sum(response_bytes)::bigint AS response_bytes, sum(latency_us)::bigint AS latency_us
    FROM usage_rollups WHERE ${inPeriod(period, filter)} AND ${matching(scope, filter)}
    GROUP BY first, second ORDER BY requests DESC NULLS LAST, first, second LIMIT ${take}`;
  return rows.map((row) => ({
    group: [row.first ?? "", row.second ?? ""],
    requests: Number(row.requests),
    unrecorded: Number(row.unrecorded),
    errors: Number(row.errors),
    management: Number(row.management),
    credits: Number(row.credits),
    requestBytes: Number(row.request_bytes),
    responseBytes: Number(row.response_bytes),
    latencyUs: Number(row.latency_us),
  }));
}

/** The latencies of the requests that match, as one histogram. */
export async function sumLatencies(
  db: Db,
  scope: UsageScope,
  filter: UsageFilter & TimeRange,
  period: Granularity,
): Promise<number[]> {
  const rows = await db.$queryRaw<{ count: bigint }[]>`
    SELECT sum(count)::bigint AS count FROM usage_rollups, unnest(latency_histogram) WITH ORDINALITY AS bucket (count, position)
    WHERE ${inPeriod(period, filter)} AND ${matching(scope, filter)} GROUP BY position ORDER BY position`;
  return rows.map(({ count }) => Number(count));
}

/** How many keys made the requests that match, not counting those that were only refused for not being good. */
export async function countUsedKeys(
  db: Db,
  scope: UsageScope,
  filter: UsageFilter & TimeRange,
  period: Granularity,
): Promise<number> {
  const [row] = await db.$queryRaw<{ keys: bigint }[]>`
    SELECT count(DISTINCT api_key_id) FILTER (WHERE api_key_id <> '' AND error_code <> ALL(${[...notUsed]})) AS keys
    FROM usage_rollups WHERE ${inPeriod(period, filter)} AND ${matching(scope, filter)}`;
  return Number(row?.keys ?? 0);
}

function inPeriod(period: Granularity, { from, to }: TimeRange): Prisma.Sql {
  return Prisma.sql`period = ${period} AND bucket_at >= ${from} AND bucket_at < ${to}`;
}

/** What events and sums have in common. */
function matching({ tenantId, accountIds }: UsageScope, filter: UsageFilter): Prisma.Sql {
  const { apiKey, account, endpoint, method, status, management, credential } = filter;
  const conditions = [
    Prisma.sql`tenant_id = ${tenantId}`,
    accountIds && Prisma.sql`account_id = ANY(${accountIds})`,
    apiKey && Prisma.sql`account_id = ${apiKey.accountId} AND api_key_id = ${apiKey.id}`,
    account &&
      Prisma.sql`account_id = (SELECT id FROM accounts WHERE tenant_id = ${tenantId} AND ${isReferred(account)})`,
    endpoint && Prisma.sql`endpoint = ${endpoint}`,
    method && Prisma.sql`method = ${method}`,
    status && isStatus(status),
    credential === "api_key" && Prisma.sql`coalesce(api_key_id, '') <> ''`,
    management !== "include" && Prisma.sql`is_management = ${management === "only"}`,
  ];
  return Prisma.join(
    conditions.filter((condition) => typeof condition === "object" && condition !== null),
    " AND ",
  );
}

function isReferred(reference: string): Prisma.Sql {
  return /^\d+$/.test(reference) ? Prisma.sql`number = ${Number(reference)}` : Prisma.sql`id = ${reference}`;
}

function isStatus(status: string): Prisma.Sql {
  const hundreds = Number(status[0]) * 100;
  return status.endsWith("xx")
    ? Prisma.sql`status BETWEEN ${hundreds} AND ${hundreds + 99}`
    : Prisma.sql`status = ${Number(status)}`;
}
