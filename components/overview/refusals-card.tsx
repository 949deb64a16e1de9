"use client";

import { useQuery } from "@tanstack/react-query";
import { relaxedMs } from "@/components/portal/live";
import { QueryError } from "@/components/portal/query-error";
import { RefusalList } from "@/components/portal/refusal-list";
import { refusalsOf } from "@/components/portal/refusals";
import { refusalsQuery } from "@/components/portal/refusals.queries";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";

const shownMax = 6;

export function RefusalsCard({ keyNames }: { keyNames: ReadonlyMap<string, string> }) {
  const usage = useQuery({ ...refusalsQuery(), refetchInterval: relaxedMs });
  return (
    <Card>
      <CardHeader
        title="Recent refusals"
        description="Calls with a key in the last 7 days, and why they were refused."
      />
      {usage.isPending ? (
        <CardBody>
          <Skeleton className="h-24 w-full" />
        </CardBody>
      ) : usage.isError ? (
        <QueryError bare error={usage.error} what="refusals" onRetry={() => void usage.refetch()} />
      ) : (
        <RefusalList refusals={refusalsOf(usage.data.data, shownMax)} keyNames={keyNames} />
      )}
    </Card>
  );
}
