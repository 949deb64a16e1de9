"use client";

import { useQuery } from "@tanstack/react-query";
import { Pause, Play } from "lucide-react";
import { useQueryState, useQueryStates } from "nuqs";
import type { OutputOf } from "#lib/core/endpoint";
import type { listUsageLogs } from "#lib/usage/contract";
import { Page } from "@/components/layout/page";
import {
  isFiltered,
  type LogFilters,
  logFilterParsers,
  logsHref,
  mayBeLive,
  noLogFilters,
  openRequestParser,
} from "@/components/logs/log-filters";
import { LogTable } from "@/components/logs/log-table";
import { LogToolbar } from "@/components/logs/log-toolbar";
import { logsQuery, tailMs } from "@/components/logs/logs.queries";
import { RequestSheet } from "@/components/logs/request-sheet";
import { QueryError } from "@/components/portal/query-error";
import { RefreshFailure } from "@/components/portal/refresh-failure";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Pagination } from "@/components/ui/pagination";
import { SkeletonTable } from "@/components/ui/skeleton";
import { StatusChip } from "@/components/ui/status-chip";
import { NoTraffic } from "@/components/usage/no-traffic";
import { isCustomRange, rangeText } from "@/components/usage/traffic-filters";
import { keyChoicesQuery } from "@/components/usage/usage.queries";

type LogPage = OutputOf<typeof listUsageLogs>;
type ChangeFilters = (change: { [Name in keyof LogFilters]?: LogFilters[Name] | null }) => void;

export function Logs({ scope }: { scope: string }) {
  const [filters, setFilters] = useQueryStates(logFilterParsers, { history: "push" });
  const [openId, setOpenId] = useQueryState("request", openRequestParser);
  const isLive = filters.live && mayBeLive(filters);
  const logs = useQuery({
    ...logsQuery(filters),
    // While a request is looked at, nothing moves behind it. A hidden tab does not ask at all.
    refetchInterval: isLive && openId === null ? tailMs : false,
  });
  const change: ChangeFilters = (changed) => void setFilters({ after: null, ...changed });
  const retry = () => void logs.refetch();
  return (
    <Page
      title="Logs"
      description={scope}
      status={isLive && <StatusChip tone="success">Live</StatusChip>}
      actions={mayBeLive(filters) && <LiveButton isLive={isLive} onToggle={() => change({ live: !filters.live })} />}
    >
      <LogToolbar filters={filters} onChange={change} />
      {logs.isPending ? (
        <SkeletonTable columns={6} rows={12} label="requests" />
      ) : logs.data ? (
        <div aria-busy={logs.isPlaceholderData} className="flex flex-col gap-4 transition-opacity aria-busy:opacity-60">
          <RefreshFailure error={logs.error} what="requests" readAt={logs.dataUpdatedAt} onRetry={retry} />
          <Requests page={logs.data} openId={openId} onOpen={(id) => void setOpenId(id)} {...{ filters, change }} />
        </div>
      ) : (
        <QueryError error={logs.error} what="requests" onRetry={retry} />
      )}
      <RequestSheet
        requestId={openId}
        neighbours={logs.data?.data.map(({ request_id }) => request_id) ?? []}
        onOpen={(id) => void setOpenId(id, { history: "replace" })}
        onClose={() => void setOpenId(null, { history: "replace" })}
      />
    </Page>
  );
}

function LiveButton({ isLive, onToggle }: { isLive: boolean; onToggle: () => void }) {
  return (
    <Button onClick={onToggle} icon={isLive ? <Pause aria-hidden="true" /> : <Play aria-hidden="true" />}>
      {isLive ? "Pause" : "Go live"}
    </Button>
  );
}

interface RequestsProps {
  page: LogPage;
  filters: LogFilters;
  change: ChangeFilters;
  openId: string | null;
  onOpen: (requestId: string) => void;
}

function Requests({ page, filters, change, openId, onOpen }: RequestsProps) {
  const keys = useQuery(keyChoicesQuery());
  if (page.data.length === 0) return <NoRequests filters={filters} change={change} />;
  const { after } = filters;
  const before = after.slice(0, -1);
  const next = page.next_cursor;
  return (
    <LogTable
      rows={page.data}
      keyNames={new Map(keys.data?.data.map(({ id, name }) => [id, name]))}
      openId={openId}
      onOpen={onOpen}
      hrefOf={(request) => logsHref({ ...filters, request })}
      footer={
        (after.length > 0 || page.has_more) && (
          <Pagination
            label="Requests"
            previous={after.length > 0 ? () => change({ after: before.length > 0 ? before : null }) : null}
            next={next === null ? null : () => change({ after: [...after, next] })}
          >
            Page {after.length + 1}
          </Pagination>
        )
      }
    />
  );
}

function NoRequests({ filters, change }: Pick<RequestsProps, "filters" | "change">) {
  if (isFiltered(filters) || isCustomRange(filters) || filters.after.length > 0) {
    return (
      <EmptyState
        kind="no-match"
        title="No request matches"
        action={<Button onClick={() => change({ ...noLogFilters, from: null, to: null })}>Clear filters</Button>}
      >
        Nothing in {rangeText(filters)} is what you filter by.
      </EmptyState>
    );
  }
  return (
    <NoTraffic
      title={`No requests in ${rangeText(filters)}`}
      onIncludeManagement={filters.management ? undefined : () => change({ management: true })}
    />
  );
}
