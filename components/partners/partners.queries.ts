import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client";
import { listPartners } from "#lib/partners/contract";
import { type ListFilters, listQueryOf } from "@/components/portal/list-filters";
import { operatorQueries } from "@/components/portal/operator-queries";

export const partnersQuery = (filters: ListFilters) =>
  queryOptions({
    queryKey: [...operatorQueries, "partners", filters],
    queryFn: ({ signal }) => call(listPartners, { query: listQueryOf(filters) }, signal),
    placeholderData: keepPreviousData,
  });
