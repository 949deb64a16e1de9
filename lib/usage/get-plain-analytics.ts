import type { InputOf } from "#lib/core/endpoint";
import type { Authorized } from "#lib/platform/context";
import type { getPlainAnalytics as contract, PlainAnalytics } from "#lib/usage/contract";
import { findAccountNumbers, sumPaths } from "#lib/usage/repository";
import { averageLatencyMs, noUsage } from "#lib/usage/serialize";
import { sumUsage } from "#lib/usage/sums-repository";
import { countedRange, finestPeriod } from "#lib/usage/time-range";
import { wholeTenantScope } from "#lib/usage/usage-scope";

const hourMs = 3_600_000;

/** S4's totals of the tenant's gateway traffic. Throws PERMISSION_DENIED for those who do not reach all of it. */
export async function getPlainAnalytics(
  ctx: Authorized<"usage:read">,
  { hours }: InputOf<typeof contract>["query"],
): Promise<PlainAnalytics> {
  const scope = await wholeTenantScope(ctx);
  const asked = { from: new Date(ctx.now.getTime() - hours * hourMs), to: ctx.now };
  const period = finestPeriod(asked, ctx.now);
  const filter = { management: "exclude" as const, ...countedRange(period, asked, ctx.now) };
  const [sum = noUsage] = await sumUsage(ctx.db, scope, filter, period, "none");
  const accounts = await sumUsage(ctx.db, scope, filter, period, "account");
  const statuses = await sumUsage(ctx.db, scope, filter, period, "status");
  const numbers = await findAccountNumbers(
    ctx.db,
    accounts.map(({ group: [id] }) => id),
  );
  return {
    period_hours: hours,
    total_requests: sum.requests,
    total_errors: sum.errors,
    error_rate: sum.requests === 0 ? 0 : toTenths((sum.errors / sum.requests) * 100),
    average_response_time_ms: toTenths(averageLatencyMs(sum) ?? 0),
    requests_by_partner: Object.fromEntries(
      accounts.flatMap(({ group: [id], requests }) => (numbers.has(id) ? [[String(numbers.get(id)), requests]] : [])),
    ),
    top_endpoints: await sumPaths(ctx.db, scope, filter, 10),
    status_distribution: Object.fromEntries(statuses.map(({ group: [status], requests }) => [status, requests])),
  };
}

const toTenths = (value: number) => Math.round(value * 10) / 10;
