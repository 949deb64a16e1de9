"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { limitStatesQuery, nearestToLimit } from "@/components/overview/overview.queries";
import { LimitMeter } from "@/components/portal/limit-meter";
import { relaxedMs } from "@/components/portal/live";
import { QueryError } from "@/components/portal/query-error";
import { RefreshFailure } from "@/components/portal/refresh-failure";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Skeleton } from "@/components/ui/skeleton";

const shownMax = 4;

/** The keys nearest to a limit. */
export function LimitsCard() {
  const states = useQuery({ ...limitStatesQuery(), refetchInterval: relaxedMs });
  return (
    <Card>
      <CardHeader title="Limits" description="The keys nearest to their tightest limit." />
      {states.isPending ? (
        <CardBody className="flex flex-col gap-5">
          <Skeleton className="h-11 w-full" />
          <Skeleton className="h-11 w-full" />
        </CardBody>
      ) : !states.data ? (
        <QueryError bare error={states.error} what="limits" onRetry={() => void states.refetch()} />
      ) : states.data.length === 0 ? (
        <EmptyState kind="nothing-yet" bare level={3} title="No active keys">
          Each active key appears here with the limit it reaches first.
        </EmptyState>
      ) : (
        <CardBody className="flex flex-col gap-5">
          <RefreshFailure
            error={states.error}
            what="limits"
            readAt={states.dataUpdatedAt}
            onRetry={() => void states.refetch()}
          />
          {nearestToLimit(states.data, shownMax).map((state) => (
            <div key={state.api_key_id} className="flex flex-col gap-1.5">
              <Link
                href={`/keys/${state.api_key_id}`}
                className="w-fit max-w-full truncate rounded-xs font-medium text-sm underline-offset-4 hover:underline"
              >
                {state.name}
              </Link>
              <LimitMeter state={state} />
            </div>
          ))}
        </CardBody>
      )}
    </Card>
  );
}
