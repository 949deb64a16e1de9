import type { InputOf } from "#lib/core/endpoint";
import { notFound } from "#lib/core/errors";
import type { Authorized } from "#lib/platform/context";
import type { getKeyStats as contract, KeyStats } from "#lib/usage/contract";
import { findUsedKey } from "#lib/usage/repository";
import { sumBreakdowns, sumTotals } from "#lib/usage/sum-breakdowns";
import { countedRange, finestPeriod, periods, rangeOf } from "#lib/usage/time-range";
import { freshUsageScope } from "#lib/usage/usage-scope";

/** A key's totals over a time, or over everything that is kept; what it is called with, and when it was last used. */
export async function getKeyStats(
  ctx: Authorized<"usage:read">,
  reference: string,
  query: InputOf<typeof contract>["query"],
): Promise<KeyStats> {
  const scope = await freshUsageScope(ctx);
  const key = await findUsedKey(ctx.db, scope, reference);
  if (!key) throw notFound("API key");
  const asked = rangeOf(query, ctx.now, periods.day.keptMs);
  const period = finestPeriod(asked, ctx.now);
  const filter = { apiKeys: [key], management: query.management, ...countedRange(period, asked, ctx.now) };
  return {
    api_key_id: key.id,
    from: filter.from.toISOString(),
    to: filter.to.toISOString(),
    ...(await sumTotals(ctx.db, scope, filter, period)),
    last_used: key.lastUsedAt?.toISOString() ?? null,
    last_used_ip: key.lastUsedIp,
    ...(await sumBreakdowns(ctx.db, scope, filter, period, ctx.now)),
  };
}
