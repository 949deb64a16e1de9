import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { readOrNotFound } from "#lib/http/read-or-not-found";
import * as contract from "#lib/partners/contract";
import { listPartners } from "#lib/partners/list-partners";
import { PartnerList } from "@/components/partners/partner-list";
import { partnersQuery } from "@/components/partners/partners.queries";
import { listQueryOf, loadListFilters } from "@/components/portal/list-filters";

export const metadata: Metadata = { title: "Partners" };

export default async function PartnersPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const filters = await loadListFilters(searchParams);
  const cache = new QueryClient();
  const partners = await readOrNotFound(contract.listPartners, "/operator/partners", (ctx) =>
    listPartners(ctx, listQueryOf(filters)),
  );
  if (partners) cache.setQueryData(partnersQuery(filters).queryKey, partners);
  return (
    <HydrationBoundary state={dehydrate(cache)}>
      <PartnerList />
    </HydrationBoundary>
  );
}
