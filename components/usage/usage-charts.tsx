"use client";

import { useQuery } from "@tanstack/react-query";
import type { Analytics } from "#lib/usage/contract";
import type { ChartBucket, Measure } from "@/components/charts/series";
import { SeriesChart } from "@/components/charts/series-chart";
import { logsHref } from "@/components/logs/log-filters";
import { relaxedMs } from "@/components/portal/live";
import { QueryError } from "@/components/portal/query-error";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Skeleton } from "@/components/ui/skeleton";
import { errorsQuery } from "@/components/usage/usage.queries";
import type { UsageFilters } from "@/components/usage/usage-filters";
import {
  bucketSecondsOf,
  bytesChart,
  type ChartData,
  errorsChart,
  groupedChart,
  latencyChart,
  requestsChart,
} from "@/components/usage/usage-series";

interface UsageChartsProps {
  answer: Analytics;
  filters: UsageFilters;
}

/** Requests and errors, latency and bytes over time; where something is grouped by, stacked by group. */
export function UsageCharts({ answer, filters }: UsageChartsProps) {
  const isGrouped = answer.group_by.length > 0;
  const common = { answer, filters };
  return (
    <div className="grid gap-6 lg:grid-cols-2">
      <ChartCard
        {...common}
        title="Requests"
        data={isGrouped ? groupedChart(answer, "requests") : requestsChart(answer)}
      />
      {isGrouped ? (
        <ErrorsCard {...common} data={groupedChart(answer, "errors")} />
      ) : (
        <StatusErrors filters={filters} />
      )}
      <ChartCard {...common} title="Latency" measure="milliseconds" data={latencyChart(answer)} />
      <ChartCard
        {...common}
        title="Bytes"
        measure="bytes"
        data={isGrouped ? groupedChart(answer, "bytes_transferred", "bytes") : bytesChart(answer)}
      />
    </div>
  );
}

/** Errors by status, from an answer of their own. */
function StatusErrors({ filters }: Pick<UsageChartsProps, "filters">) {
  const errors = useQuery({ ...errorsQuery(filters), refetchInterval: relaxedMs });
  if (errors.data) return <ErrorsCard answer={errors.data} filters={filters} data={errorsChart(errors.data)} />;
  return (
    <Card>
      <CardHeader title="Errors" />
      {errors.isError ? (
        <QueryError bare error={errors.error} what="errors" onRetry={() => void errors.refetch()} />
      ) : (
        <CardBody>
          <Skeleton className="h-64 w-full" />
        </CardBody>
      )}
    </Card>
  );
}

function ErrorsCard({ answer, filters, data }: UsageChartsProps & { data: ChartData }) {
  if (answer.totals.failed_requests === 0) {
    return (
      <Card>
        <CardHeader title="Errors" />
        <EmptyState kind="nothing-yet" bare level={3} title="Nothing failed">
          No request of this time was answered with 400 or above.
        </EmptyState>
      </Card>
    );
  }
  return <ChartCard answer={answer} filters={filters} title="Errors" data={data} />;
}

interface ChartCardProps extends UsageChartsProps {
  title: string;
  data: ChartData;
  measure?: Measure;
}

function ChartCard({ answer, filters, title, data, measure = "count" }: ChartCardProps) {
  const seconds = bucketSecondsOf[answer.granularity];
  const { key, account, service, status, management } = filters;
  const hrefOf = ({ at }: ChartBucket) =>
    logsHref({
      ...{ key, account, service, status, management },
      from: at,
      to: new Date(Date.parse(at) + seconds * 1_000).toISOString(),
    });
  return (
    <Card>
      <CardHeader title={title} />
      <CardBody>
        <SeriesChart label={title} {...data} bucketSeconds={seconds} measure={measure} hrefOf={hrefOf} />
      </CardBody>
    </Card>
  );
}
