"use client";

import type { UsageTotals } from "#lib/usage/contract";
import { SeriesChart } from "@/components/charts/series-chart";
import { formatNumber } from "@/components/keys/key-facts";
import { Stat, StatGrid } from "@/components/ui/stat";

const daySeconds = 86_400;
const series = [
  { key: "succeeded", label: "Succeeded", tone: "accent" },
  { key: "failed", label: "Failed", tone: "danger" },
] as const;

/** Requests, errors and latency as a line of figures. `span` says of when: "30 days". */
export function TrafficStats({ totals, span }: { totals: UsageTotals; span: string }) {
  const { total_requests: requests, failed_requests: failed, error_rate: rate } = totals;
  return (
    <StatGrid>
      <Stat label={`Requests, ${span}`} value={formatNumber(requests)} />
      <Stat label="Failed" value={formatNumber(failed)} hint={failed > 0 && `${formatNumber(rate)}% of requests`} />
      <LatencyStat label="Median latency" milliseconds={totals.p50_latency_ms} />
      <LatencyStat label="95th percentile" milliseconds={totals.p95_latency_ms} />
    </StatGrid>
  );
}

function LatencyStat({ label, milliseconds }: { label: string; milliseconds: number | null }) {
  if (milliseconds === null) return <Stat label={label} value="–" />;
  return <Stat label={label} value={formatNumber(Math.round(milliseconds * 10) / 10)} unit="ms" />;
}

/** The bars of some days. */
export function DailyChart({ days }: { days: readonly { at: string; requests: number; errors: number }[] }) {
  const buckets = days.map(({ at, requests, errors }) => ({
    at,
    values: { succeeded: requests - errors, failed: errors },
  }));
  return <SeriesChart label="Requests" buckets={buckets} series={series} bucketSeconds={daySeconds} />;
}
