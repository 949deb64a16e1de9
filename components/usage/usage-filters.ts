import { createLoader, parseAsBoolean, parseAsStringLiteral } from "nuqs/server";
import type { RequestOf } from "#lib/core/endpoint";
import type { getAnalytics } from "#lib/usage/contract";
import { type TrafficFilters, trafficParsers, trafficQueryOf } from "@/components/usage/traffic-filters";

/** What the page groups by, in the order it is offered. */
export const groupNames = {
  api_key: "Key",
  account: "Account",
  service: "Service",
  route: "Route",
  method: "Method",
  status_code: "Status",
  error_code: "Error code",
} as const;

export type UsageGrouping = keyof typeof groupNames;

export const usageGroupings = Object.keys(groupNames) as UsageGrouping[];

/** What of the usage page stands in the URL. */
export const usageFilterParsers = {
  ...trafficParsers,
  group: parseAsStringLiteral(usageGroupings),
  compare: parseAsBoolean.withDefault(true),
};

export interface UsageFilters extends TrafficFilters {
  group: UsageGrouping | null;
  /** With the same length of time before. */
  compare: boolean;
}

/** Reads the filters of a page's `searchParams`. */
export const loadUsageFilters = createLoader(usageFilterParsers);

type AnalyticsQuery = RequestOf<typeof getAnalytics>["query"];

const groupsShownMax = 50;
/** As many as a chart has colours for. */
export const groupsDrawnMax = 5;

/** The figures, the charts and the groups of the page, in one answer. */
export function usageQueryOf(filters: UsageFilters): AnalyticsQuery {
  const { group, compare } = filters;
  return {
    ...trafficQueryOf(filters),
    ...(compare && { compare: "previous" }),
    ...(group && { group_by: group, limit: groupsShownMax, series_limit: groupsDrawnMax }),
  };
}

const statusesMax = 30;

/** Which statuses the errors had: asked for where nothing else is grouped by. */
export function errorsQueryOf(filters: UsageFilters): AnalyticsQuery {
  return { ...trafficQueryOf(filters), group_by: "status_code", limit: statusesMax, series_limit: statusesMax };
}
