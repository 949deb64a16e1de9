import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { isAppError } from "#lib/core/errors";
import { readPage, requireSignedIn } from "#lib/http/page-context";
import * as contract from "#lib/usage/contract";
import { getRequest } from "#lib/usage/get-request";
import { listUsage } from "#lib/usage/list-usage";
import { loadLogFilters, logQueryOf } from "@/components/logs/log-filters";
import { Logs } from "@/components/logs/logs";
import { logsQuery, requestQuery } from "@/components/logs/logs.queries";
import { scopeText } from "@/components/portal/scope-text";

export const metadata: Metadata = { title: "Logs" };

const here = "/logs";

/** Reads the domain directly, then hands the answer to the cache the browser will keep using. */
export default async function LogsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { role } = await requireSignedIn(here);
  const { request, ...filters } = await loadLogFilters(searchParams);
  const query = contract.listUsageLogs.query.safeParse(logQueryOf(filters));
  const cache = new QueryClient();
  try {
    if (query.success) {
      const requests = await readPage(contract.listUsageLogs, here, (ctx) => listUsage(ctx, query.data));
      cache.setQueryData(logsQuery(filters).queryKey, requests);
    }
    if (request !== null && contract.getRequest.params.safeParse({ request_id: request }).success) {
      const open = await readPage(contract.getRequest, here, (ctx) => getRequest(ctx, request));
      cache.setQueryData(requestQuery(request).queryKey, open);
    }
  } catch (error) {
    // A cursor or request id of somebody's own making, or no permission: the browser asks again and shows what the API says.
    if (!isAppError(error)) throw error;
  }
  return (
    <HydrationBoundary state={dehydrate(cache)}>
      <Logs scope={scopeText("Every request", role)} />
    </HydrationBoundary>
  );
}
