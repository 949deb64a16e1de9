"use client";

import { useQuery } from "@tanstack/react-query";
import { keyStatsQuery, keyUsageQuery } from "@/components/keys/keys.queries";
import { relaxedMs } from "@/components/portal/live";
import { QueryError } from "@/components/portal/query-error";
import { DailyChart, TrafficStats } from "@/components/portal/traffic";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Skeleton, SkeletonStats } from "@/components/ui/skeleton";

export function KeyTotals({ keyId }: { keyId: string }) {
  const stats = useQuery({ ...keyStatsQuery(keyId), refetchInterval: relaxedMs });
  if (stats.isPending) return <SkeletonStats label="totals" />;
  if (!stats.data) return <QueryError error={stats.error} what="totals" onRetry={() => void stats.refetch()} />;
  return <TrafficStats totals={stats.data} span="30 days" />;
}

export function KeyUsageCard({ keyId }: { keyId: string }) {
  const usage = useQuery({ ...keyUsageQuery(keyId), refetchInterval: relaxedMs });
  return (
    <Card>
      <CardHeader title="Requests by day" />
      {usage.isPending ? (
        <CardBody>
          <Skeleton className="h-64 w-full" />
        </CardBody>
      ) : !usage.data ? (
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
