import type { Analytics, AnalyticsGroup, Granularity } from "#lib/usage/contract";
import { formatMeasure } from "@/components/charts/format-measure";
import {
  type ChartBucket,
  type ChartSeries,
  groupTones,
  type Measure,
  type SeriesTone,
} from "@/components/charts/series";

/** What one chart draws. */
export interface ChartData {
  buckets: ChartBucket[];
  series: ChartSeries[];
}

export const bucketSecondsOf: Record<Granularity, number> = { minute: 60, hour: 3_600, day: 86_400 };

type Summed = "requests" | "errors" | "bytes_transferred";
type Counts = Pick<Analytics, "series" | "groups">;

export function requestsChart({ series }: Pick<Analytics, "series">): ChartData {
  return {
    series: [
      { key: "succeeded", label: "Succeeded", tone: "accent" },
      { key: "failed", label: "Failed", tone: "danger" },
    ],
    buckets: series.map(({ timestamp, requests, errors }) => ({
      at: timestamp,
      values: { succeeded: requests - errors, failed: errors },
    })),
  };
}

export function bytesChart({ series }: Pick<Analytics, "series">): ChartData {
  return {
    series: [
      { key: "received", label: "Sent by clients", tone: "teal" },
      { key: "answered", label: "Answered", tone: "accent" },
    ],
    buckets: series.map(({ timestamp, request_bytes, response_bytes }) => ({
      at: timestamp,
      values: { received: request_bytes, answered: response_bytes },
    })),
  };
}

const percentiles = [
  { key: "p50_latency_ms", label: "p50", tone: "accent" },
  { key: "p95_latency_ms", label: "p95", tone: "amber" },
  { key: "p99_latency_ms", label: "p99", tone: "pink" },
] as const;

/** Three lines; beside their names, the figure of the whole time. */
export function latencyChart({ series, totals }: Pick<Analytics, "series" | "totals">): ChartData {
  return {
    series: percentiles.map((one) => ({
      ...one,
      shape: "line" as const,
      total: formatMeasure(totals[one.key], "milliseconds"),
    })),
    buckets: series.map((point) => ({
      at: point.timestamp,
      values: Object.fromEntries(percentiles.map(({ key }) => [key, point[key]])),
    })),
  };
}

const othersKey = "others";

/** One sum by group, stacked: the largest groups by name, all others as one. A group has one colour in every chart. */
export function groupedChart({ series, groups }: Counts, sum: Summed, measure: Measure = "count"): ChartData {
  const tones = tonesOf(groups);
  const drawn = groups
    .flatMap((group) => (group.series && group[sum] > 0 ? [{ ...group, series: group.series }] : []))
    .toSorted((a, b) => b[sum] - a[sum])
    .slice(0, groupTones.length);
  const buckets = series.map((point, index) => {
    const values = drawn.map(({ key, series: own }) => [key, own[index]?.[sum] ?? 0] as const);
    const others = point[sum] - values.reduce((all, [, value]) => all + value, 0);
    return { at: point.timestamp, values: { ...Object.fromEntries(values), [othersKey]: Math.max(0, others) } };
  });
  const hasOthers = buckets.some(({ values }) => values[othersKey] !== 0);
  return {
    buckets,
    series: [
      ...drawn.map((group) => ({
        key: group.key,
        label: group.label,
        tone: tones.get(group.key) ?? "neutral",
        total: formatMeasure(group[sum], measure),
      })),
      ...(hasOthers ? [{ key: othersKey, label: "All others", tone: "neutral" as const }] : []),
    ],
  };
}

const failedFrom = 400;

/** Errors by status: what the caller did wrong, and in red what went wrong behind the gateway. */
export function errorsChart({ series, groups }: Counts): ChartData {
  const failed = groups.filter(({ status_code = 0 }) => status_code >= failedFrom);
  return groupedChart({ series, groups: failed }, "errors");
}

/** By the hundreds of a status; others are told apart by hue alone. */
const statusTones: Readonly<Record<number, readonly SeriesTone[]>> = {
  2: ["accent", "teal"],
  3: ["neutral"],
  4: ["warning", "pink", "olive", "teal"],
  5: ["danger", "coral"],
};

function tonesOf(groups: readonly AnalyticsGroup[]): ReadonlyMap<string, SeriesTone> {
  const taken: Record<number, number> = {};
  return new Map(
    groups.map(({ key, status_code }, index) => {
      const kind = status_code === undefined ? 0 : Math.floor(status_code / 100);
      const place = kind === 0 ? index : (taken[kind] ?? 0);
      taken[kind] = place + 1;
      return [key, (statusTones[kind] ?? groupTones)[place] ?? "neutral"];
    }),
  );
}

/** How a figure changed, in percent of what it was; null where it was nothing or not known. */
export function changeOf(now: number | null, before: number | null): number | null {
  if (now === null || before === null || before === 0) return null;
  return ((now - before) / before) * 100;
}

/** The filter of Logs that shows one group's requests; null where its requests cannot be told apart there. */
export function logFilterOf(group: AnalyticsGroup) {
  if (group.api_key_id) return { key: group.api_key_id };
  if (group.account_id) return { account: group.account_id };
  if (group.service_id) return { service: group.service_id };
  if (group.route_id) return { route: group.route_id };
  if (group.method) return { method: group.method };
  if (group.status_code) return { status: String(group.status_code) };
  if (group.error_code) return { error: group.error_code };
  return null;
}
