"use client";

import { useQuery } from "@tanstack/react-query";
import { liveMs } from "@/components/portal/live";
import { QueryError } from "@/components/portal/query-error";
import { RefusalList } from "@/components/portal/refusal-list";
import { refusalsOf } from "@/components/portal/refusals";
import { refusalsQuery } from "@/components/portal/refusals.queries";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";

const shownMax = 5;

export function KeyRefusalsCard({ keyId }: { keyId: string }) {
  const usage = useQuery({ ...refusalsQuery(keyId), refetchInterval: liveMs });
  return (
    <Card>
      <CardHeader title="Recent refusals" description="Calls with this key in the last 7 days." />
      {usage.isPending ? (
        <CardBody>
          <Skeleton className="h-24 w-full" />
        </CardBody>
      ) : !usage.data ? (
        <QueryError bare error={usage.error} what="refusals" onRetry={() => void usage.refetch()} />
      ) : (
        <RefusalList refusals={refusalsOf(usage.data.data, shownMax)} />
      )}
    </Card>
  );
}
