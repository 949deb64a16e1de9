import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { isAppError } from "#lib/core/errors";
import { readPage } from "#lib/http/page-context";
import * as contract from "#lib/keys/contract";
import { listApiKeys } from "#lib/keys/list-api-keys";
import { ApiKeyList } from "@/components/keys/api-key-list";
import { keyQueryOf, loadKeyFilters } from "@/components/keys/key-filters";
import { apiKeysQuery } from "@/components/keys/keys.queries";

export const metadata: Metadata = { title: "API keys" };

/** Reads the domain directly, then hands the answer to the cache the browser will keep using. */
export default async function ApiKeysPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const filters = await loadKeyFilters(searchParams);
  const query = contract.listApiKeys.query.safeParse(keyQueryOf(filters));
  const cache = new QueryClient();
  try {
    if (query.success) {
      const keys = await readPage(contract.listApiKeys, "/keys", (ctx) => listApiKeys(ctx, query.data));
      cache.setQueryData(apiKeysQuery(filters).queryKey, keys);
    }
  } catch (error) {
    // A cursor of somebody's own making, or no permission: the browser asks again and shows what the API says.
    if (!isAppError(error)) throw error;
  }
  return (
    <HydrationBoundary state={dehydrate(cache)}>
      <ApiKeyList />
    </HydrationBoundary>
  );
}
