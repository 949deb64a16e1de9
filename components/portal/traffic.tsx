"use client";

import type { UsageTotals } from "#lib/usage/contract";
import { BarSeriesChart } from "@/components/charts/bar-series-chart";
import { formatNumber } from "@/components/keys/key-facts";
import { Stat, StatGrid } from "@/components/ui/stat";

const daySeconds = 86_400;
const series = [
  { key: "succeeded", label: "Succeeded", tone: "accent" },
  { key: "failed", label: "Failed", tone: "danger" },
] as const;

/** Requests, errors and latency as a line of figures. `span` says of when: "30 days". */
export function TrafficStats({ totals, span }: { totals: UsageTotals; span: string }) {
  const milliseconds = (value: number | null) => (value === null ? "–" : formatNumber(Math.round(value * 10) / 10));
  return (
    <StatGrid>
      <Stat label={`Requests, ${span}`} value={formatNumber(totals.total_requests)} />
      <Stat
        label="Failed"
        value={formatNumber(totals.failed_requests)}
        hint={`${formatNumber(totals.error_rate)} % of requests`}
      />
      <Stat label="Median latency" value={milliseconds(totals.p50_latency_ms)} unit="ms" />
      <Stat label="95th percentile" value={milliseconds(totals.p95_latency_ms)} unit="ms" />
    </StatGrid>
  );
}

/** The bars of some days. */
export function DailyChart({ days }: { days: readonly { at: string; requests: number; errors: number }[] }) {
  const buckets = days.map(({ at, requests, errors }) => ({
    at,
    values: { succeeded: requests - errors, failed: errors },
  }));
  return <BarSeriesChart label="Requests" buckets={buckets} series={series} bucketSeconds={daySeconds} />;
}
