import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client";
import { listRoutes } from "#lib/routes/contract";
import { type ListFilters, listQueryOf } from "@/components/portal/list-filters";
import { operatorQueries } from "@/components/portal/operator-queries";

/** The routes of a gateway, in the order they are tried. */
export const routesQuery = (gatewayId: string, filters: ListFilters) =>
  queryOptions({
    queryKey: [...operatorQueries, "routes", gatewayId, filters],
    queryFn: ({ signal }) =>
      call(listRoutes, { params: { gateway_id: gatewayId }, query: listQueryOf(filters) }, signal),
    placeholderData: keepPreviousData,
  });
