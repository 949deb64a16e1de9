import { queryOptions } from "@tanstack/react-query";
import { type CatalogApi, getCatalog } from "#lib/catalog/contract";
import { call } from "#lib/http/client";

/** What can be called through the gateways, and where. It changes when an operator changes a route: seldom. */
export const catalogQuery = () =>
  queryOptions({
    queryKey: ["catalog"],
    queryFn: ({ signal }) => call(getCatalog, {}, signal),
    staleTime: 300_000,
  });

export interface Choice {
  id: string;
  name: string;
}

/** The services that routes lead to, by name. */
export function servicesOf(apis: readonly CatalogApi[]): Choice[] {
  const names = new Map(
    apis.flatMap(({ routes }) => routes.map(({ service_id, service_name }) => [service_id, service_name] as const)),
  );
  return [...names].map(([id, name]) => ({ id, name })).toSorted((a, b) => a.name.localeCompare(b.name));
}
