import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { readPage, requireSignedIn } from "#lib/http/page-context";
import * as keys from "#lib/keys/contract";
import { getRateLimit } from "#lib/keys/get-rate-limit";
import { listApiKeys } from "#lib/keys/list-api-keys";
import * as limits from "#lib/rate-limits/contract";
import * as usage from "#lib/usage/contract";
import { getStats } from "#lib/usage/get-stats";
import { listUsage } from "#lib/usage/list-usage";
import { keyQueryOf } from "@/components/keys/key-filters";
import { newestKeys, newestKeysQuery } from "@/components/overview/newest-keys.queries";
import { Overview } from "@/components/overview/overview";
import { limitStatesInput, limitStatesQuery, statsInput, statsQuery } from "@/components/overview/overview.queries";
import { limitStatesOf } from "@/components/portal/limit-states";
import { refusalsInput, refusalsQuery } from "@/components/portal/refusals.queries";
import { scopeText } from "@/components/portal/scope-text";

export const metadata: Metadata = { title: "Overview" };

const here = "/overview";

/** Reads the domain directly, then hands the answers to the cache the browser will keep using. */
export default async function OverviewPage() {
  const { role } = await requireSignedIn(here);
  const cache = new QueryClient();
  await readPage(keys.listApiKeys, here, async (ctx) =>
    cache.setQueryData(newestKeysQuery().queryKey, await listApiKeys(ctx, keyQueryOf(newestKeys))),
  );
  await readPage(usage.getStats, here, async (ctx) => {
    cache.setQueryData(statsQuery().queryKey, await getStats(ctx, statsInput));
    const query = usage.listUsage.query.parse(refusalsInput());
    cache.setQueryData(refusalsQuery().queryKey, await listUsage(ctx, query));
  });
  await readPage(limits.getRateLimit, here, async (ctx) =>
    cache.setQueryData(limitStatesQuery().queryKey, limitStatesOf(await getRateLimit(ctx, limitStatesInput))),
  );
  return (
    <HydrationBoundary state={dehydrate(cache)}>
      <Overview scope={scopeText("Traffic, limits and refusals", role)} />
    </HydrationBoundary>
  );
}
