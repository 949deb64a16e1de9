import { queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client";
import { listPolicies } from "#lib/policies/contract";
import { operatorQueries } from "@/components/portal/operator-queries";

const policiesShownMax = 200;

/** Every policy: routes of all gateways choose among the same. */
export const policiesQuery = queryOptions({
  queryKey: [...operatorQueries, "policies"],
  queryFn: ({ signal }) => call(listPolicies, { query: { limit: policiesShownMax } }, signal),
});
