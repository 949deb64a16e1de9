import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { isAppError } from "#lib/core/errors";
import { readPage, requireSignedIn } from "#lib/http/page-context";
import * as contract from "#lib/usage/contract";
import { getAnalytics } from "#lib/usage/get-analytics";
import { scopeText } from "@/components/portal/scope-text";
import { Usage } from "@/components/usage/usage";
import { errorsQuery, usageQuery } from "@/components/usage/usage.queries";
import { errorsQueryOf, loadUsageFilters, usageQueryOf } from "@/components/usage/usage-filters";

export const metadata: Metadata = { title: "Usage" };

const here = "/usage";

/** Reads the domain directly, then hands the answers to the cache the browser will keep using. */
export default async function UsagePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { role } = await requireSignedIn(here);
  const filters = await loadUsageFilters(searchParams);
  const query = contract.getAnalytics.query.safeParse(usageQueryOf(filters));
  const cache = new QueryClient();
  try {
    if (query.success) {
      await readPage(contract.getAnalytics, here, async (ctx) => {
        cache.setQueryData(usageQuery(filters).queryKey, await getAnalytics(ctx, query.data));
        if (filters.group !== null) return;
        const byStatus = contract.getAnalytics.query.parse(errorsQueryOf(filters));
        cache.setQueryData(errorsQuery(filters).queryKey, await getAnalytics(ctx, byStatus));
      });
    }
  } catch (error) {
    // A time of somebody's own making, or no permission: the browser asks again and shows what the API says.
    if (!isAppError(error)) throw error;
  }
  return (
    <HydrationBoundary state={dehydrate(cache)}>
      <Usage scope={scopeText("Requests, errors, latency and bytes", role)} />
    </HydrationBoundary>
  );
}
