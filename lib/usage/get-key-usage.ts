import type { InputOf } from "#lib/core/endpoint";
import { notFound } from "#lib/core/errors";
import type { Authorized } from "#lib/platform/context";
import type { getKeyUsage as contract, KeyUsage } from "#lib/usage/contract";
import { findUsedKey } from "#lib/usage/repository";
import { noUsage, serializePoint } from "#lib/usage/serialize";
import { sumTotals } from "#lib/usage/sum-breakdowns";
import { sumPeriods } from "#lib/usage/sums-repository";
import { bucketsOf, chartPeriod, countedRange, rangeOf, requireKept, requirePoints } from "#lib/usage/time-range";
import { freshUsageScope } from "#lib/usage/usage-scope";

const dayMs = 86_400_000;

/** A key's requests over time, in points without a gap; the last 24 hours unless another time is asked for. */
export async function getKeyUsage(
  ctx: Authorized<"usage:read">,
  reference: string,
  query: InputOf<typeof contract>["query"],
): Promise<KeyUsage> {
  const asked = rangeOf(query, ctx.now, dayMs);
  const granularity = query.granularity ?? chartPeriod(asked, ctx.now);
  requirePoints(granularity, asked);
  requireKept(granularity, asked, ctx.now);
  const scope = await freshUsageScope(ctx);
  const key = await findUsedKey(ctx.db, scope, reference);
  if (!key) throw notFound("API key");
  const range = countedRange(granularity, asked, ctx.now);
  const filter = { apiKeys: [key], management: query.management, ...range };
  const sums = await sumPeriods(ctx.db, scope, filter, granularity);
  return {
    api_key_id: key.id,
    granularity,
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    totals: await sumTotals(ctx.db, scope, filter, granularity),
    data: bucketsOf(granularity, range).map((start) => serializePoint(start, sums.get(start.getTime()) ?? noUsage)),
  };
}
