"use client";

import { useQuery } from "@tanstack/react-query";
import { logsHref } from "@/components/logs/log-filters";
import { relaxedMs } from "@/components/portal/live";
import { QueryError } from "@/components/portal/query-error";
import { RefreshFailure } from "@/components/portal/refresh-failure";
import { RefusalList } from "@/components/portal/refusal-list";
import { refusalsOf } from "@/components/portal/refusals";
import { refusalsQuery } from "@/components/portal/refusals.queries";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { TextLink } from "@/components/ui/text-link";

const shownMax = 6;
const allRefusals = logsHref({ range: "7d", status: "4xx", management: true });

export function RefusalsCard({ keyNames }: { keyNames: ReadonlyMap<string, string> }) {
  const usage = useQuery({ ...refusalsQuery(), refetchInterval: relaxedMs });
  return (
    <Card>
      <CardHeader
        title="Recent refusals"
        description="Calls with a key in the last 7 days, and why they were refused."
        actions={
          <TextLink href={allRefusals} className="text-xs">
            See all in Logs
          </TextLink>
        }
      />
      {usage.isPending ? (
        <CardBody>
          <Skeleton className="h-24 w-full" />
        </CardBody>
      ) : !usage.data ? (
        <QueryError bare error={usage.error} what="refusals" onRetry={() => void usage.refetch()} />
      ) : (
        <>
          <RefreshFailure
            error={usage.error}
            what="refusals"
            readAt={usage.dataUpdatedAt}
            onRetry={() => void usage.refetch()}
            className="m-4"
          />
          <RefusalList refusals={refusalsOf(usage.data.data, shownMax)} keyNames={keyNames} />
        </>
      )}
    </Card>
  );
}
