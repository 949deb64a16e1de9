import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import * as contract from "#lib/gateways/contract";
import { listGateways } from "#lib/gateways/list-gateways";
import { readOrNotFound } from "#lib/http/read-or-not-found";
import { GatewayList } from "@/components/gateways/gateway-list";
import { gatewaysQuery } from "@/components/gateways/gateways.queries";
import { listQueryOf, loadListFilters } from "@/components/portal/list-filters";

export const metadata: Metadata = { title: "Gateways" };

export default async function GatewaysPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const filters = await loadListFilters(searchParams);
  const cache = new QueryClient();
  const gateways = await readOrNotFound(contract.listGateways, "/operator/gateways", (ctx) =>
    listGateways(ctx, listQueryOf(filters)),
  );
  if (gateways) cache.setQueryData(gatewaysQuery(filters).queryKey, gateways);
  return (
    <HydrationBoundary state={dehydrate(cache)}>
      <GatewayList />
    </HydrationBoundary>
  );
}
