import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { readOrNotFound } from "#lib/http/read-or-not-found";
import * as contract from "#lib/services/contract";
import { listServices } from "#lib/services/list-services";
import { listQueryOf, loadListFilters } from "@/components/portal/list-filters";
import { ServiceList } from "@/components/services/service-list";
import { servicesQuery } from "@/components/services/services.queries";

export const metadata: Metadata = { title: "Services" };

export default async function ServicesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const filters = await loadListFilters(searchParams);
  const cache = new QueryClient();
  const services = await readOrNotFound(contract.listServices, "/operator/services", (ctx) =>
    listServices(ctx, listQueryOf(filters)),
  );
  if (services) cache.setQueryData(servicesQuery(filters).queryKey, services);
  return (
    <HydrationBoundary state={dehydrate(cache)}>
      <ServiceList />
    </HydrationBoundary>
  );
}
