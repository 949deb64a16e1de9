import { queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client";
import { getRateLimit, type RateLimitStatus } from "#lib/rate-limits/contract";
import { getStats } from "#lib/usage/contract";
import { limitStatesOf } from "@/components/portal/limit-states";

/** Every call with a key, to the management API too; not the portal's own, which would grow by being looked at. */
export const statsInput = { time_range: "24h", management: "include", credential: "api_key" } as const;

/** Totals of the last 24 hours, with 30 days by day. */
export const statsQuery = () =>
  queryOptions({
    queryKey: ["stats"],
    queryFn: ({ signal }) => call(getStats, { query: statsInput }, signal),
  });

/** As many keys as one answer holds: enough for the few that are nearest to a limit. */
export const limitStatesInput = { limit: 200 } as const;

/** Where the active keys within reach stand with their limits. */
export const limitStatesQuery = () =>
  queryOptions({
    queryKey: ["limits"],
    queryFn: async ({ signal }) => limitStatesOf(await call(getRateLimit, { query: limitStatesInput }, signal)),
  });

/** The keys whose tightest limit is used up furthest, the furthest first. */
export function nearestToLimit(states: readonly RateLimitStatus[], shownMax: number): RateLimitStatus[] {
  return states.toSorted((a, b) => b.used / b.limit - a.used / a.limit).slice(0, shownMax);
}
