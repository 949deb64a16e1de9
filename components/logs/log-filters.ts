import { createLoader, createSerializer, parseAsArrayOf, parseAsBoolean, parseAsString } from "nuqs/server";
import type { RequestOf } from "#lib/core/endpoint";
import type { listUsageLogs } from "#lib/usage/contract";
import { isCustomRange, type TrafficFilters, trafficParsers, trafficQueryOf } from "@/components/usage/traffic-filters";

export const requestMethods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"] as const;

/** What of the log stands in the URL. `after` holds the cursor of every page turned, so that one can turn back. */
export const logFilterParsers = {
  ...trafficParsers,
  method: parseAsString,
  error: parseAsString,
  route: parseAsString,
  /** The beginning of a path, or a request id. */
  search: parseAsString.withDefault(""),
  after: parseAsArrayOf(parseAsString).withDefault([]),
  live: parseAsBoolean.withDefault(true),
};

/** The request that is looked at, apart from the filters: opening one turns no page and clears nothing. */
export const openRequestParser = parseAsString.withOptions({ history: "push" });

export interface LogFilters extends TrafficFilters {
  method: string | null;
  error: string | null;
  route: string | null;
  search: string;
  after: string[];
  live: boolean;
}

export const loadLogFilters = createLoader({ ...logFilterParsers, request: parseAsString });

const serialize = createSerializer({ ...logFilterParsers, request: parseAsString });

/** The address of the log with these filters, or with one request open. */
export function logsHref(filters: Partial<LogFilters> & { request?: string }): string {
  return serialize("/logs", filters);
}

export const logsPerPage = 50;

type LogsQuery = RequestOf<typeof listUsageLogs>["query"];

/** The query of the API that these filters mean. */
export function logQueryOf(filters: LogFilters): LogsQuery {
  const { method, error, route, search, after } = filters;
  return {
    ...trafficQueryOf(filters),
    limit: logsPerPage,
    method: requestMethods.find((known) => known === method),
    error_code: error ?? undefined,
    route_id: route ?? undefined,
    ...searchOf(search.trim()),
    cursor: after.at(-1),
  };
}

/** A path begins with a slash, a request id never does. */
function searchOf(text: string): Pick<LogsQuery, "path" | "request_id"> {
  if (text === "") return {};
  return text.startsWith("/") ? { path: text } : { request_id: text };
}

/** What one can turn on and off, apart from the time and the page. */
export function isFiltered(filters: LogFilters): boolean {
  const { key, account, service, status, method, error, route, search } = filters;
  return search !== "" || [key, account, service, status, method, error, route].some((value) => value !== null);
}

/** New requests appear at the top of the first page of a time that has not ended. */
export function mayBeLive(filters: LogFilters): boolean {
  return filters.after.length === 0 && !(isCustomRange(filters) && filters.to !== null);
}

export const noLogFilters = {
  ...{ key: null, account: null, service: null, status: null },
  ...{ method: null, error: null, route: null, search: null, after: null },
} as const;
