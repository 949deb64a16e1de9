"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Page } from "#lib/core/pagination";
import { QueryError } from "@/components/portal/query-error";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Pagination } from "@/components/ui/pagination";
import { SkeletonTable } from "@/components/ui/skeleton";

interface ListPagesProps<T> {
  /** The things, for screen readers and in errors: "API keys". */
  what: string;
  query: UseQueryResult<Page<T>>;
  /** Of the skeleton. */
  columns: number;
  /** Search and filters. Left out while there is nothing to search. */
  toolbar: ReactNode;
  isFiltered: boolean;
  /** The cursors of the pages turned so far. */
  after: string[];
  onTurn: (after: string[] | null) => void;
  onClear: () => void;
  /** Shown when there never was one. */
  nothingYet: ReactNode;
  /** Said when the filters find nothing: "No key matches", and what the search looks at. */
  noMatch: { title: string; hint: string };
  /** The table of the entries; `footer` turns its pages. */
  children: (entries: readonly T[], footer: ReactNode) => ReactNode;
}

/** A list that is searched and paged by cursor: its skeleton, its two kinds of empty, its error and its pages. */
export function ListPages<T>(props: ListPagesProps<T>) {
  const { what, query, columns, toolbar, isFiltered, nothingYet } = props;
  if (query.data?.data.length === 0 && !isFiltered) return nothingYet;
  return (
    <div className="flex flex-col gap-4">
      {toolbar}
      {query.isPending && <SkeletonTable columns={columns} label={what} />}
      {query.isError && <QueryError error={query.error} what={what} onRetry={() => void query.refetch()} />}
      {query.isSuccess && <OnePage {...props} page={query.data} />}
    </div>
  );
}

function OnePage<T>({ page, ...props }: ListPagesProps<T> & { page: Page<T> }) {
  const { what, query, after, onTurn, onClear, noMatch, children } = props;
  if (page.data.length === 0) {
    return (
      <EmptyState kind="no-match" title={noMatch.title} action={<Button onClick={onClear}>Clear filters</Button>}>
        {noMatch.hint}
      </EmptyState>
    );
  }
  const isPaged = after.length > 0 || page.has_more;
  const next = page.next_cursor;
  const before = after.slice(0, -1);
  return (
    // The rows are of the filters before, until those of the present ones arrive.
    <div aria-busy={query.isPlaceholderData} className="transition-opacity aria-busy:opacity-60">
      {children(
        page.data,
        isPaged && (
          <Pagination
            label={what}
            previous={after.length > 0 ? () => onTurn(before.length > 0 ? before : null) : null}
            next={next ? () => onTurn([...after, next]) : null}
          >
            Page {after.length + 1}
          </Pagination>
        ),
      )}
    </div>
  );
}
