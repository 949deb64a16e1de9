"use client";

import { useQuery } from "@tanstack/react-query";
import { Page } from "@/components/layout/page";
import { LimitsCard } from "@/components/overview/limits-card";
import { newestKeysQuery } from "@/components/overview/newest-keys.queries";
import { Onboarding } from "@/components/overview/onboarding";
import { statsQuery } from "@/components/overview/overview.queries";
import { RefusalsCard } from "@/components/overview/refusals-card";
import { relaxedMs } from "@/components/portal/live";
import { QueryError } from "@/components/portal/query-error";
import { RefreshFailure } from "@/components/portal/refresh-failure";
import { DailyChart, TrafficStats } from "@/components/portal/traffic";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Skeleton, SkeletonStats } from "@/components/ui/skeleton";
import { TextLink } from "@/components/ui/text-link";

export function Overview({ scope }: { scope: string }) {
  const keys = useQuery(newestKeysQuery());
  const keyNames = new Map(keys.data?.data.map(({ id, name }) => [id, name]));
  return (
    <Page title="Overview" description={scope}>
      {keys.data && <Onboarding keys={keys.data.data} />}
      <Traffic />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <RefusalsCard keyNames={keyNames} />
        <LimitsCard />
      </div>
    </Page>
  );
}

function Traffic() {
  const stats = useQuery({ ...statsQuery(), refetchInterval: relaxedMs });
  if (stats.isPending) {
    return (
      <>
        <SkeletonStats label="figures" />
        <Skeleton className="h-72 w-full rounded-md" />
      </>
    );
  }
  const retry = () => void stats.refetch();
  if (!stats.data) return <QueryError error={stats.error} what="figures" onRetry={retry} />;
  const days = stats.data.daily.map((day) => ({ ...day, at: `${day.date}T00:00:00Z` }));
  return (
    <>
      <RefreshFailure error={stats.error} what="figures" readAt={stats.dataUpdatedAt} onRetry={retry} />
      <TrafficStats totals={stats.data} span="24 hours" />
      <Card>
        <CardHeader
          title="Requests by day"
          description="Every call made with an API key."
          actions={
            <TextLink href="/usage?range=30d&management=true" className="text-xs">
              See usage
            </TextLink>
          }
        />
        {days.every(({ requests }) => requests === 0) ? (
          <EmptyState kind="nothing-yet" bare level={3} title="No requests in 30 days">
            Call with a key and the first bar appears within a few seconds.
          </EmptyState>
        ) : (
          <CardBody>
            <DailyChart days={days} />
          </CardBody>
        )}
      </Card>
    </>
  );
}
