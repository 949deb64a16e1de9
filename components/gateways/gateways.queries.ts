import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type CatalogApi, getCatalog } from "#lib/catalog/contract";
import * as contract from "#lib/gateways/contract";
import { call } from "#lib/http/client";
import { type ListFilters, listQueryOf } from "@/components/portal/list-filters";
import { operatorQueries } from "@/components/portal/operator-queries";

const gateways = [...operatorQueries, "gateways"] as const;

export const gatewaysQuery = (filters: ListFilters) =>
  queryOptions({
    queryKey: [...gateways, "list", filters],
    queryFn: ({ signal }) => call(contract.listGateways, { query: listQueryOf(filters) }, signal),
    placeholderData: keepPreviousData,
  });

export const gatewayQuery = (id: string) =>
  queryOptions({
    queryKey: [...gateways, "one", id],
    queryFn: ({ signal }) => call(contract.getGateway, { params: { gateway_id: id } }, signal),
  });

/** What can be called, and where: for samples. Only what is active stands in it. */
export const catalogQuery = queryOptions({
  queryKey: [...operatorQueries, "catalog"],
  queryFn: ({ signal }) => call(getCatalog, {}, signal),
});

export type CatalogRoute = CatalogApi["routes"][number];
