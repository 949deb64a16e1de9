"use client";

import { useQuery } from "@tanstack/react-query";
import { keyLimitsQuery } from "@/components/keys/keys.queries";
import { LimitMeter } from "@/components/portal/limit-meter";
import { liveMs } from "@/components/portal/live";
import { QueryError } from "@/components/portal/query-error";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";

/** Where the key stands with each of its limits, read anew while the page is looked at. */
export function KeyLimitsCard({ keyId }: { keyId: string }) {
  const limits = useQuery({ ...keyLimitsQuery(keyId), refetchInterval: liveMs });
  return (
    <Card>
      <CardHeader title="Limits" description="Live. Looking does not count." />
      {limits.isPending ? (
        <CardBody className="flex flex-col gap-5">
          <Skeleton className="h-11 w-full" />
          <Skeleton className="h-11 w-full" />
          <Skeleton className="h-11 w-full" />
        </CardBody>
      ) : limits.isError ? (
        <QueryError bare error={limits.error} what="limits" onRetry={() => void limits.refetch()} />
      ) : (
        <CardBody className="flex flex-col gap-5">
          {limits.data.limits.map((state) => (
            <LimitMeter key={state.name} state={state} />
          ))}
        </CardBody>
      )}
    </Card>
  );
}
