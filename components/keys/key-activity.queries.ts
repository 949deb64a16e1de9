import { queryOptions } from "@tanstack/react-query";
import { call } from "#lib/http/client";
import { type Analytics, getAnalytics } from "#lib/usage/contract";
import type { SparkDay } from "@/components/charts/sparkline";

/** 30 days of every key of a page of the list, by day, in one answer. */
export const keyActivityQuery = (keyIds: readonly string[]) =>
  queryOptions({
    queryKey: ["keys", "activity", keyIds],
    queryFn: ({ signal }) =>
      call(
        getAnalytics,
        {
          query: {
            ...{ api_key_id: keyIds.join(","), group_by: "api_key", management: "include" },
            ...{ time_range: "30d", granularity: "day", limit: keyIds.length, series_limit: keyIds.length },
          },
        },
        signal,
      ),
    select: activityByKey,
    enabled: keyIds.length > 0,
  });

const daysShown = 30; // the range begins within a day, so it touches one more

/** The days of each key by its id; a key without calls has as many days, all empty. */
export function activityByKey({ groups, series }: Analytics): (keyId: string) => readonly SparkDay[] {
  const days = new Map(groups.map(({ api_key_id, series: own }) => [api_key_id, own?.slice(-daysShown)]));
  const none = series.slice(-daysShown).map(() => ({ requests: 0, errors: 0 }));
  return (keyId) => days.get(keyId) ?? none;
}
