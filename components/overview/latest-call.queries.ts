import { queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client";
import { listUsageLogs } from "#lib/usage/contract";

/** The newest call with a key, to a gateway or to the management API. */
export const latestCallQuery = () =>
  queryOptions({
    queryKey: ["logs", "latest"],
    queryFn: ({ signal }) => call(listUsageLogs, { query: { limit: 1, credential: "api_key" } }, signal),
  });
