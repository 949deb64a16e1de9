"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useQueryStates } from "nuqs";
import type { OutputOf } from "#lib/core/endpoint";
import type { listApiKeys } from "#lib/keys/contract";
import { ApiKeyTable } from "@/components/keys/api-key-table";
import { CreateKeyDialog } from "@/components/keys/create-key-dialog";
import { type KeyFilters, keyFilterParsers } from "@/components/keys/key-filters";
import { KeyToolbar } from "@/components/keys/key-toolbar";
import { accountNames, accountsQuery, apiKeysQuery } from "@/components/keys/keys.queries";
import { Page } from "@/components/layout/page";
import { usePortal } from "@/components/portal/portal-context";
import { QueryError } from "@/components/portal/query-error";
import { useDialog } from "@/components/portal/use-dialog";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Pagination } from "@/components/ui/pagination";
import { SkeletonTable } from "@/components/ui/skeleton";

export function ApiKeyList() {
  const { can } = usePortal();
  const dialog = useDialog<"create">();
  return (
    <Page
      title="API keys"
      description="Each program that calls gets its own key, with its own limits."
      actions={
        can.writeKeys && (
          <Button
            ref={dialog.trigger}
            variant="primary"
            icon={<Plus aria-hidden="true" />}
            onClick={() => dialog.show("create")}
          >
            Create key
          </Button>
        )
      }
    >
      <KeyPages onCreate={() => dialog.show("create")} />
      {dialog.shown && <CreateKeyDialog open={dialog.isOpen} onClose={dialog.hide} />}
    </Page>
  );
}

const noFilters: KeyFilters = { search: "", status: null, after: [] };

function KeyPages({ onCreate }: { onCreate: () => void }) {
  const [filters, setFilters] = useQueryStates(keyFilterParsers);
  const keys = useQuery(apiKeysQuery(filters));
  const isFiltered = filters.search !== "" || filters.status !== null || filters.after.length > 0;

  if (keys.data?.data.length === 0 && !isFiltered) return <NoKeys onCreate={onCreate} />;
  return (
    <div className="flex flex-col gap-4">
      <KeyToolbar
        filters={filters}
        onSearch={(search) => void setFilters({ search: search || null, after: null })}
        onStatus={(status) => void setFilters({ status, after: null }, { history: "push" })}
      />
      {keys.isPending && <SkeletonTable columns={6} label="API keys" />}
      {keys.isError && <QueryError error={keys.error} what="API keys" onRetry={() => void keys.refetch()} />}
      {keys.isSuccess && (
        <KeyPage
          page={keys.data}
          isStale={keys.isPlaceholderData}
          after={filters.after}
          onTurn={(after) => void setFilters({ after }, { history: "push" })}
          onClear={() => void setFilters(noFilters)}
        />
      )}
    </div>
  );
}

function NoKeys({ onCreate }: { onCreate: () => void }) {
  const { can } = usePortal();
  return (
    <EmptyState
      kind="nothing-yet"
      title="No API keys yet"
      action={
        can.writeKeys && (
          <Button variant="primary" onClick={onCreate}>
            Create your first key
          </Button>
        )
      }
    >
      A key lets a program call the API in the name of this account. Create one to make the first call.
    </EmptyState>
  );
}

interface KeyPageProps extends Pick<KeyPagingProps, "after" | "onTurn"> {
  page: OutputOf<typeof listApiKeys>;
  /** The rows are of the filters before, until those of the present ones arrive. */
  isStale: boolean;
  onClear: () => void;
}

function KeyPage({ page, isStale, after, onTurn, onClear }: KeyPageProps) {
  const { can } = usePortal();
  const accounts = useQuery(accountsQuery(can.manageAccounts));
  if (page.data.length === 0) {
    return (
      <EmptyState kind="no-match" title="No key matches" action={<Button onClick={onClear}>Clear filters</Button>}>
        Search looks at names and at the last four characters of a key.
      </EmptyState>
    );
  }
  const isPaged = after.length > 0 || page.has_more;
  return (
    <div aria-busy={isStale} className="transition-opacity aria-busy:opacity-60">
      <ApiKeyTable
        keys={page.data}
        accountNames={accountNames(accounts.data)}
        footer={isPaged && <KeyPaging after={after} next={page.next_cursor} onTurn={onTurn} />}
      />
    </div>
  );
}

interface KeyPagingProps {
  after: string[];
  next: string | null;
  onTurn: (after: string[] | null) => void;
}

function KeyPaging({ after, next, onTurn }: KeyPagingProps) {
  const before = after.slice(0, -1);
  return (
    <Pagination
      label="API keys"
      previous={after.length > 0 ? () => onTurn(before.length > 0 ? before : null) : null}
      next={next ? () => onTurn([...after, next]) : null}
    >
      Page {after.length + 1}
    </Pagination>
  );
}
