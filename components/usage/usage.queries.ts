import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call, callForFile } from "#lib/http/client";
import { listApiKeys } from "#lib/keys/contract";
import { getAnalytics } from "#lib/usage/contract";
import { errorsQueryOf, type UsageFilters, usageQueryOf } from "@/components/usage/usage-filters";

export const usageQuery = (filters: UsageFilters) =>
  queryOptions({
    queryKey: ["analytics", usageQueryOf(filters)],
    queryFn: ({ signal }) => call(getAnalytics, { query: usageQueryOf(filters) }, signal),
    placeholderData: keepPreviousData,
  });

export const errorsQuery = (filters: UsageFilters) =>
  queryOptions({
    queryKey: ["analytics", errorsQueryOf(filters)],
    queryFn: ({ signal }) => call(getAnalytics, { query: errorsQueryOf(filters) }, signal),
    placeholderData: keepPreviousData,
    enabled: filters.group === null,
  });

/** The figures of the page as a file: a line a group, or a line a point of time where nothing is grouped by. */
export const exportUsage = (filters: UsageFilters) =>
  callForFile(getAnalytics, { query: { ...usageQueryOf(filters), format: "csv" } });

const keysOfferedMax = 200;

/** The keys that can be filtered by, and whose names stand beside requests. */
export const keyChoicesQuery = () =>
  queryOptions({
    queryKey: ["keys", "choices"],
    queryFn: ({ signal }) => call(listApiKeys, { query: { limit: keysOfferedMax } }, signal),
  });
