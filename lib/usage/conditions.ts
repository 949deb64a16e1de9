import type { Granularity, Management } from "#lib/usage/contract";
import type { TimeRange } from "#lib/usage/time-range";
import { Prisma } from "../../.prisma-client/client.ts";

/** Whose usage: one tenant's, and of it all accounts (null) or these. Row-level security stands behind it. */
export interface UsageScope {
  tenantId: string;
  accountIds: readonly string[] | null;
}

/** What events and sums can both be filtered by. References are ids or small integers (rules R4); one that names nothing finds nothing. */
export interface UsageFilter {
  /** With their accounts, by whose index their requests are found. */
  apiKeys?: readonly { id: string; accountId: string }[] | undefined;
  account?: string | undefined;
  service?: string | undefined;
  routeId?: string | undefined;
  endpoint?: string | undefined;
  method?: string | undefined;
  /** `404` or `4xx`. */
  status?: string | undefined;
  errorCode?: string | undefined;
  management: Management;
  /** `api_key`: only calls made with a key, not those of people clicking in the portal. */
  credential?: "any" | "api_key";
  from?: Date | undefined;
  to?: Date | undefined;
}

/** The conditions of a scope and a filter but for its time, on `usage_events` or `usage_sums`. */
export function matching(scope: UsageScope, filter: UsageFilter): Prisma.Sql {
  const { tenantId, accountIds } = scope;
  const { apiKeys, account, service, routeId, endpoint, method, status, errorCode, management, credential } = filter;
  return allOf([
    Prisma.sql`tenant_id = ${tenantId}`,
    accountIds && Prisma.sql`account_id = ANY(${accountIds})`,
    apiKeys && isOfKeys(apiKeys),
    account && Prisma.sql`account_id = ${idOf(tenantId, Prisma.sql`accounts`, account)}`,
    service && Prisma.sql`service_id = ${idOf(tenantId, Prisma.sql`services`, service)}`,
    routeId && Prisma.sql`route_id = ${routeId}`,
    endpoint && Prisma.sql`endpoint = ${endpoint}`,
    method && Prisma.sql`method = ${method}`,
    status && isStatus(status),
    errorCode && Prisma.sql`error_code = ${errorCode}`,
    credential === "api_key" && Prisma.sql`coalesce(api_key_id, '') <> ''`,
    management !== "include" && Prisma.sql`is_management = ${management === "only"}`,
  ]);
}

/** The buckets of one kind of sum within a time. */
export function inPeriod(period: Granularity, { from, to }: TimeRange): Prisma.Sql {
  return Prisma.sql`period = ${period} AND bucket_at >= ${from} AND bucket_at < ${to}`;
}

/** Those conditions that are there, all of them. */
export function allOf(conditions: readonly (Prisma.Sql | string | false | null | undefined)[]): Prisma.Sql {
  return Prisma.join(
    conditions.filter((condition) => typeof condition === "object" && condition !== null),
    " AND ",
  );
}

function isOfKeys(keys: NonNullable<UsageFilter["apiKeys"]>): Prisma.Sql {
  const accounts = [...new Set(keys.map(({ accountId }) => accountId))];
  return Prisma.sql`account_id = ANY(${accounts}) AND api_key_id = ANY(${keys.map(({ id }) => id)})`;
}

function idOf(tenantId: string, table: Prisma.Sql, reference: string): Prisma.Sql {
  if (!/^\d+$/.test(reference)) return Prisma.sql`${reference}`;
  return Prisma.sql`(SELECT id FROM ${table} WHERE tenant_id = ${tenantId} AND number = ${Number(reference)})`;
}

function isStatus(status: string): Prisma.Sql {
  const hundreds = Number(status[0]) * 100;
  return status.endsWith("xx")
    ? Prisma.sql`status BETWEEN ${hundreds} AND ${hundreds + 99}`
    : Prisma.sql`status = ${Number(status)}`;
}
