import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client";
import * as contract from "#lib/services/contract";
import { type ListFilters, listQueryOf } from "@/components/portal/list-filters";
import { operatorQueries } from "@/components/portal/operator-queries";

const services = [...operatorQueries, "services"] as const;

export const servicesQuery = (filters: ListFilters) =>
  queryOptions({
    queryKey: [...services, "list", filters],
    queryFn: ({ signal }) => call(contract.listServices, { query: listQueryOf(filters) }, signal),
    placeholderData: keepPreviousData,
  });

export const serviceQuery = (id: string) =>
  queryOptions({
    queryKey: [...services, "one", id],
    queryFn: ({ signal }) => call(contract.getService, { params: { service_id: id } }, signal),
  });

const choicesMax = 200;

/** Every service, for choosing among them. */
export const serviceChoicesQuery = queryOptions({
  queryKey: [...services, "choices"],
  queryFn: ({ signal }) => call(contract.listServices, { query: { limit: choicesMax } }, signal),
});
