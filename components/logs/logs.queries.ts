import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client";
import { getRequest, listUsageLogs } from "#lib/usage/contract";
import { type LogFilters, logQueryOf } from "@/components/logs/log-filters";

/** How often the log looks for new requests while it is looked at. */
export const tailMs = 2_000;

export const logsQuery = (filters: LogFilters) =>
  queryOptions({
    queryKey: ["logs", logQueryOf(filters)],
    queryFn: ({ signal }) => call(listUsageLogs, { query: logQueryOf(filters) }, signal),
    placeholderData: keepPreviousData,
  });

/** One request and what was decided about it. It has happened: it never changes. */
export const requestQuery = (id: string) =>
  queryOptions({
    queryKey: ["requests", id],
    queryFn: ({ signal }) => call(getRequest, { params: { request_id: id } }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
