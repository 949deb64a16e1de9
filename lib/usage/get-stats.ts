import type { InputOf } from "#lib/core/endpoint";
import type { Authorized } from "#lib/platform/context";
import type { getStats as contract, Stats } from "#lib/usage/contract";

import { sumBreakdowns, sumTotals } from "#lib/usage/sum-breakdowns";
import { countUsedKeys } from "#lib/usage/sums-repository";
import { countedRange, finestPeriod, rangeOf } from "#lib/usage/time-range";
import { filteredKeys, freshUsageScope } from "#lib/usage/usage-scope";

const dayMs = 86_400_000;

/** Totals of everything within the caller's reach; over the last 30 days unless another time is asked for. */
export async function getStats(
  ctx: Authorized<"usage:read">,
  query: InputOf<typeof contract>["query"],
): Promise<Stats> {
  const scope = await freshUsageScope(ctx);
  const asked = rangeOf(query, ctx.now, 30 * dayMs);
  const period = finestPeriod(asked, ctx.now);
  const range = countedRange(period, asked, ctx.now);
  const filter = {
    apiKeys: await filteredKeys(ctx, scope, query.api_key_id),
    account: query.account_id,
    management: query.management,
    credential: query.credential,
    ...range,
  };
  return {
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    ...(await sumTotals(ctx.db, scope, filter, period)),
    active_keys: await countUsedKeys(ctx.db, scope, filter, period),
    ...(await sumBreakdowns(ctx.db, scope, filter, period, ctx.now)),
  };
}
