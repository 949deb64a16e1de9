"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { errorCatalogue } from "#lib/core/errors";
import { ApiProblem } from "#lib/http/client";
import type { UsageDetail } from "#lib/usage/contract";
import { DecisionTrace } from "@/components/logs/decision-trace";
import { linkIdOf } from "@/components/logs/log-table";
import { requestQuery } from "@/components/logs/logs.queries";
import { requestCurl } from "@/components/logs/request-curl";
import { RequestFacts } from "@/components/logs/request-facts";
import { RequestStatus } from "@/components/logs/request-status";
import { RequestTimings } from "@/components/logs/request-timings";
import { usePortal } from "@/components/portal/portal-context";
import { QueryError } from "@/components/portal/query-error";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { EmptyState } from "@/components/ui/empty-state";
import { Sheet } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { catalogQuery } from "@/components/usage/catalog.queries";

interface RequestSheetProps {
  /** Null: nothing is open. */
  requestId: string | null;
  /** The requests of the list around it, newest first. */
  neighbours: readonly string[];
  onOpen: (requestId: string) => void;
  onClose: () => void;
}

/** Everything about one request, beside the list it stands in. */
export function RequestSheet({ requestId, neighbours, onOpen, onClose }: RequestSheetProps) {
  const [shownId, setShownId] = useState(requestId);
  if (requestId !== null && requestId !== shownId) setShownId(requestId); // stays for the closing animation
  const request = useQuery({ ...requestQuery(shownId ?? ""), enabled: shownId !== null });
  return (
    <Sheet
      open={requestId !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      // The request one looked at last: it was opened by its address, not by a button that waits for it.
      returnFocusTo={() => document.getElementById(linkIdOf(shownId ?? ""))}
      title={request.data ? `${request.data.method} ${request.data.path}` : "Request"}
      {...(request.data && { description: <Outcome request={request.data} /> })}
      {...(neighbours.includes(shownId ?? "") && {
        footer: <Neighbours ids={neighbours} current={shownId ?? ""} onOpen={onOpen} />,
      })}
    >
      {request.data ? (
        <RequestDetail key={request.data.request_id} request={request.data} />
      ) : request.isError ? (
        <NotRead error={request.error} onRetry={() => void request.refetch()} />
      ) : (
        <SheetSkeleton />
      )}
    </Sheet>
  );
}

function Neighbours(props: { ids: readonly string[]; current: string; onOpen: (requestId: string) => void }) {
  const at = props.ids.indexOf(props.current);
  const newer = props.ids[at - 1];
  const older = props.ids[at + 1];
  return (
    <nav aria-label="Requests" className="flex w-full justify-between gap-2">
      <Button size="sm" disabled={newer === undefined} onClick={() => newer !== undefined && props.onOpen(newer)}>
        <ChevronLeft aria-hidden="true" />
        Newer
      </Button>
      <Button size="sm" disabled={older === undefined} onClick={() => older !== undefined && props.onOpen(older)}>
        Older
        <ChevronRight aria-hidden="true" />
      </Button>
    </nav>
  );
}

function Outcome({ request: { status_code, error_code } }: { request: UsageDetail }) {
  const title =
    error_code !== null && Object.hasOwn(errorCatalogue, error_code)
      ? errorCatalogue[error_code as keyof typeof errorCatalogue].title
      : null;
  return (
    <span className="flex flex-wrap items-center gap-2">
      <RequestStatus status={status_code} />
      {title && <span className="text-ink">{title}</span>}
      {error_code && <code className="text-xs">{error_code}</code>}
    </span>
  );
}

function RequestDetail({ request }: { request: UsageDetail }) {
  const { apiUrl } = usePortal();
  const catalog = useQuery(catalogQuery());
  const curl = requestCurl(request, catalog.data?.data ?? [], apiUrl);
  return (
    <div className="flex flex-col gap-6">
      <Part title="Decisions">
        <DecisionTrace request={request} />
      </Part>
      <Part title="Time">
        <RequestTimings request={request} />
      </Part>
      <Part title="Details">
        <RequestFacts request={request} />
      </Part>
      {curl && (
        <Part title="Again">
          <CodeBlock label="curl" code={curl} />
          <p className="text-ink-soft text-xs">Keys, queries and bodies of requests are not kept: fill them in.</p>
        </Part>
      )}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex min-w-0 flex-col gap-3">
      <h3 className="font-medium text-base">{title}</h3>
      {children}
    </section>
  );
}

function NotRead({ error, onRetry }: { error: Error; onRetry: () => void }) {
  if (error instanceof ApiProblem && [404, 422].includes(error.status)) {
    return (
      <EmptyState kind="no-match" bare title="No such request">
        Nobody within your reach made it, or it is older than 90 days. A request made just now takes a second to appear.
      </EmptyState>
    );
  }
  return <QueryError bare error={error} what="request" onRetry={onRetry} />;
}

function SheetSkeleton() {
  return (
    <div role="status" className="flex flex-col gap-6">
      <span className="sr-only">Loading the request</span>
      <Skeleton className="h-36 w-full" />
      <Skeleton className="h-10 w-full" />
      <Skeleton className="h-72 w-full" />
    </div>
  );
}
