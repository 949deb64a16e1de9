"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import type { ReactNode } from "react";
import type { Page as PageOf } from "#lib/core/pagination";
import { Page } from "@/components/layout/page";
import { ListPages } from "@/components/portal/list-pages";
import { SearchField } from "@/components/portal/search-field";
import { useDialog } from "@/components/portal/use-dialog";
import type { useListFilters } from "@/components/portal/use-list-filters";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

interface OperatorListProps<T> {
  /** What the list holds, as one writes it in a sentence: "service", "services". */
  one: string;
  many: string;
  title: string;
  description: string;
  mayCreate: boolean;
  query: UseQueryResult<PageOf<T>>;
  list: ReturnType<typeof useListFilters>;
  /** Of the skeleton. */
  columns: number;
  /** What such a thing is, said when there never was one. */
  nothingYet: string;
  /** What the search looks at. */
  searchHint: string;
  /** The form or dialog that makes one. */
  create: (open: boolean, onClose: () => void) => ReactNode;
  children: (entries: readonly T[], footer: ReactNode) => ReactNode;
}

/** A page of the operator's that lists things of one kind by name, and makes new ones. */
export function OperatorList<T>(props: OperatorListProps<T>) {
  const { one, many, title, description, mayCreate, query, list, columns, searchHint, create, children } = props;
  const dialog = useDialog<"create">();
  const search = (
    <search className="flex flex-wrap gap-2">
      <SearchField
        label={`Search ${many} by name`}
        placeholder="Name"
        value={list.filters.search}
        onSearch={list.search}
      />
    </search>
  );
  const createButton = (
    <Button
      ref={dialog.trigger}
      variant="primary"
      icon={<Plus aria-hidden="true" />}
      onClick={() => dialog.show("create")}
    >
      Create {one}
    </Button>
  );
  return (
    <Page title={title} description={description} actions={mayCreate && createButton}>
      <ListPages
        what={many}
        query={query}
        columns={columns}
        toolbar={search}
        isFiltered={list.isFiltered}
        after={list.filters.after}
        onTurn={list.turn}
        onClear={list.clear}
        nothingYet={<NothingYet {...props} onCreate={() => dialog.show("create")} />}
        noMatch={{ title: `No ${one} matches`, hint: searchHint }}
      >
        {children}
      </ListPages>
      {dialog.shown && create(dialog.isOpen, dialog.hide)}
    </Page>
  );
}

type NothingYetProps = Pick<OperatorListProps<never>, "one" | "many" | "mayCreate" | "nothingYet"> & {
  onCreate: () => void;
};

function NothingYet({ one, many, mayCreate, nothingYet, onCreate }: NothingYetProps) {
  const first = (
    <Button variant="primary" onClick={onCreate}>
      Create your first {one}
    </Button>
  );
  return (
    <EmptyState kind="nothing-yet" title={`No ${many} yet`} action={mayCreate && first}>
      {nothingYet}
    </EmptyState>
  );
}
