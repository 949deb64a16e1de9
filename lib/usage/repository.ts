import { accountsWithin } from "#lib/accounts/accounts-within";
import type { Db } from "#lib/platform/db";
import { allOf, matching, type UsageFilter, type UsageScope } from "#lib/usage/conditions";
import type { TimeRange } from "#lib/usage/time-range";
import { Prisma } from "../../.prisma-client/client.ts";

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

/** A key the caller may see, and when it was last used with any of its secrets. */
export async function findUsedKey(
  db: Db,
  { tenantId, accountIds }: UsageScope,
  reference: string,
): Promise<UsedKey | null> {
  const key = await db.apiKey.findFirst({
    where: {
      tenantId,
      deletedAt: null,
      ...idOrNumber(reference),
      ...(accountIds && { accountId: { in: [...accountIds] } }),
    },
    select: { id: true, accountId: true, usage: { orderBy: { lastUsedAt: { sort: "desc", nulls: "last" } }, take: 1 } },
  });
  const { lastUsedAt = null, lastUsedIp = null } = key?.usage[0] ?? {};
  return key && { id: key.id, accountId: key.accountId, lastUsedAt, lastUsedIp };
}

/** The keys of a list of references that the caller may see, deleted ones too: their history stays. */
export function findUsedKeys(
  db: Db,
  { tenantId, accountIds }: UsageScope,
  references: readonly string[],
): Promise<{ id: string; accountId: string }[]> {
  return db.apiKey.findMany({
    where: { tenantId, OR: references.map(idOrNumber), ...(accountIds && { accountId: { in: [...accountIds] } }) },
    select: { id: true, accountId: true },
  });
}

function idOrNumber(reference: string): { number: number } | { id: string } {
  return /^\d+$/.test(reference) ? { number: Number(reference) } : { id: reference };
}

/** What only rows tell, and the sums do not. */
export interface EventFilter extends UsageFilter {
  gatewayId?: string | undefined;
  requestId?: string | undefined;
  /** How the path begins. */
  path?: string | undefined;
}

const eventColumns = Prisma.sql`id, occurred_at, account_id, api_key_id, key_generation, user_id, gateway_id, service_id, route_id,
  oauth_app_id, endpoint, path, method, status, error_code, latency_us, upstream_us, request_bytes, response_bytes, credits, ip_address,
  country, user_agent, request_id, api_version, cache_status, target, attempts, is_management, trace`;

/** Requests, newest first, those before a position when one is given. */
export function findEvents(
  db: Db,
  scope: UsageScope,
  filter: EventFilter,
  before: { at: Date; id: bigint } | undefined,
  take: number,
): Promise<UsageEventRow[]> {
  const { from, to, gatewayId, requestId, path } = filter;
  const conditions = allOf([
    matching(scope, filter),
    from && Prisma.sql`occurred_at >= ${from}`,
    to && Prisma.sql`occurred_at < ${to}`,
    gatewayId && Prisma.sql`gateway_id = ${gatewayId}`,
    path && Prisma.sql`starts_with(path, ${path})`,
    before && Prisma.sql`(occurred_at, id) < (${before.at}, ${before.id})`,
  ]);
  // A request is found first and put in order then: walking along the order until it turns up would read everything.
  const source = requestId
    ? Prisma.sql`(SELECT * FROM usage_events WHERE request_id = ${requestId} AND ${matching(scope, filter)} OFFSET 0) AS found`
    : Prisma.sql`usage_events`;
  return db.$queryRaw<UsageEventRow[]>`
    SELECT ${eventColumns} FROM ${source} WHERE ${conditions} ORDER BY occurred_at DESC, id DESC LIMIT ${take}`;
}

/** Of how many requests at most the paths are counted, the newest. */
const pathsReadMax = 500_000;

/** The paths sent most often, among the newest half million requests that match. */
export async function sumPaths(
  db: Db,
  scope: UsageScope,
  filter: UsageFilter & TimeRange,
  take: number,
): Promise<{ path: string; count: number }[]> {
  return db.$queryRaw<{ path: string; count: number }[]>`
    SELECT path, count(*)::int AS count FROM (
      SELECT path FROM usage_events
      WHERE ${matching(scope, filter)} AND occurred_at >= ${filter.from} AND occurred_at < ${filter.to}
      ORDER BY occurred_at DESC, id DESC LIMIT ${pathsReadMax}) AS newest
    GROUP BY path ORDER BY count DESC, path LIMIT ${take}`;
}

/** The small integers of accounts by their ids (rules R4). */
export async function findAccountNumbers(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const accounts = await db.account.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: { id: true, number: true },
  });
  return new Map(accounts.map(({ id, number }) => [id, number]));
}
