"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useQueryStates } from "nuqs";
import type { Analytics } from "#lib/usage/contract";
import { Page } from "@/components/layout/page";
import { relaxedMs } from "@/components/portal/live";
import { QueryError } from "@/components/portal/query-error";
import { RefreshFailure } from "@/components/portal/refresh-failure";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { formatClock } from "@/components/ui/format-time";
import { saveFile } from "@/components/ui/save-file";
import { showToast } from "@/components/ui/toast";
import { GroupTable } from "@/components/usage/group-table";
import { NoTraffic } from "@/components/usage/no-traffic";
import { isCustomRange, noTrafficFilters, rangeText } from "@/components/usage/traffic-filters";
import { exportUsage, usageQuery } from "@/components/usage/usage.queries";
import { UsageCharts } from "@/components/usage/usage-charts";
import { type UsageFilters, usageFilterParsers } from "@/components/usage/usage-filters";
import { UsageSkeleton } from "@/components/usage/usage-skeleton";
import { UsageTiles } from "@/components/usage/usage-tiles";
import { UsageToolbar } from "@/components/usage/usage-toolbar";

export function Usage({ scope }: { scope: string }) {
  const [filters, setFilters] = useQueryStates(usageFilterParsers, { history: "push" });
  return (
    <Page title="Usage" description={scope} actions={<ExportButton filters={filters} />}>
      <UsageToolbar filters={filters} onChange={(change) => void setFilters(change)} />
      <Figures filters={filters} onChange={(change) => void setFilters(change)} />
    </Page>
  );
}

interface FiguresProps {
  filters: UsageFilters;
  onChange: (change: Partial<UsageFilters>) => void;
}

function Figures({ filters, onChange }: FiguresProps) {
  const usage = useQuery({ ...usageQuery(filters), refetchInterval: relaxedMs });
  if (usage.isPending) return <UsageSkeleton />;
  const retry = () => void usage.refetch();
  if (!usage.data) return <QueryError error={usage.error} what="figures" onRetry={retry} />;
  return (
    <div aria-busy={usage.isPlaceholderData} className="flex flex-col gap-6 transition-opacity aria-busy:opacity-60">
      <RefreshFailure error={usage.error} what="figures" readAt={usage.dataUpdatedAt} onRetry={retry} />
      {usage.data.totals.total_requests === 0 ? (
        <NoFigures filters={filters} onChange={onChange} />
      ) : (
        <Answer answer={usage.data} filters={filters} />
      )}
    </div>
  );
}

function Answer({ answer, filters }: { answer: Analytics; filters: UsageFilters }) {
  return (
    <>
      <UsageTiles totals={answer.totals} previous={answer.previous} />
      <UsageCharts answer={answer} filters={filters} />
      {filters.group && answer.groups.length > 0 && (
        <GroupTable answer={answer} filters={filters} grouping={filters.group} />
      )}
      <p className="text-ink-faint text-xs tabular-nums">Counted until {formatClock(new Date(answer.to))}.</p>
    </>
  );
}

/** Three ways of nothing: a filter that hides it, a time without it, and none yet. */
function NoFigures({ filters, onChange }: FiguresProps) {
  const { key, account, service, status, management } = filters;
  const isFiltered = [key, account, service, status].some((value) => value !== null);
  if (isFiltered || isCustomRange(filters)) {
    return (
      <EmptyState
        kind="no-match"
        title="No request matches"
        action={<Button onClick={() => onChange({ ...noTrafficFilters, from: null, to: null })}>Clear filters</Button>}
      >
        Nothing in {rangeText(filters)} is what you filter by.
      </EmptyState>
    );
  }
  return (
    <NoTraffic
      title={`No requests in ${rangeText(filters)}`}
      onIncludeManagement={management ? undefined : () => onChange({ management: true })}
    />
  );
}

function ExportButton({ filters }: { filters: UsageFilters }) {
  const download = useMutation({
    mutationFn: () => exportUsage(filters),
    gcTime: 0,
    onSuccess: (file) => saveFile(file, `portico-usage-${filters.group ?? "total"}.csv`),
    onError: (error) =>
      showToast({ title: "The figures were not exported", description: error.message, tone: "danger" }),
  });
  return (
    <Button icon={<Download aria-hidden="true" />} pending={download.isPending} onClick={() => download.mutate()}>
      Export CSV
    </Button>
  );
}
