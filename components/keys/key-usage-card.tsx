"use client";

import { useQuery } from "@tanstack/react-query";
import { formatNumber } from "@/components/keys/key-facts";
import { keyStatsQuery, keyUsageQuery } from "@/components/keys/keys.queries";
import { BarSeriesChart } from "@/components/charts/bar-series-chart";
import { QueryError } from "@/components/portal/query-error";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Skeleton, SkeletonStats } from "@/components/ui/skeleton";
import { Stat, StatGrid } from "@/components/ui/stat";
import type { UsageTotals } from "#lib/usage/contract";

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

export function KeyTotals({ keyId }: { keyId: string }) {
  const stats = useQuery(keyStatsQuery(keyId));
  if (stats.isPending) return <SkeletonStats label="totals" />;
  if (stats.isError) return <QueryError error={stats.error} what="totals" onRetry={() => void stats.refetch()} />;
  return <TrafficStats totals={stats.data} span="30 days" />;
}

export function KeyUsageCard({ keyId }: { keyId: string }) {
  const usage = useQuery(keyUsageQuery(keyId));
  return (
    <Card>
      <CardHeader title="Requests by day" />
      {usage.isPending ? (
        <CardBody>
          <Skeleton className="h-64 w-full" />
        </CardBody>
      ) : usage.isError ? (
        <QueryError bare error={usage.error} what="requests" onRetry={() => void usage.refetch()} />
      ) : usage.data.totals.total_requests === 0 ? (
        <EmptyState kind="nothing-yet" bare level={3} title="No requests in 30 days">
          Call with this key and the first bar appears within a few seconds.
        </EmptyState>
      ) : (
        <CardBody>
          <DailyChart days={usage.data.data.map((point) => ({ ...point, at: point.timestamp }))} />
        </CardBody>
      )}
    </Card>
  );
}
