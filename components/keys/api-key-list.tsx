"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useQueryStates } from "nuqs";
import { ApiKeyTable } from "@/components/keys/api-key-table";
import { CreateKeyDialog } from "@/components/keys/create-key-dialog";
import { keyFilterParsers } from "@/components/keys/key-filters";
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

function KeyPages({ onCreate }: { onCreate: () => void }) {
  const { can } = usePortal();
  const [filters, setFilters] = useQueryStates(keyFilterParsers);
  const keys = useQuery(apiKeysQuery(filters));
  const accounts = useQuery(accountsQuery(can.manageAccounts));
  const isFiltered = filters.search !== "" || filters.status !== null || filters.after.length > 0;

  if (keys.data && keys.data.data.length === 0 && !isFiltered) {
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
  return (
    <div className="flex flex-col gap-4">
      <KeyToolbar
        filters={filters}
        onSearch={(search) => void setFilters({ search: search || null, after: null })}
        onStatus={(status) => void setFilters({ status, after: null }, { history: "push" })}
      />
      {keys.isPending ? (
        <SkeletonTable columns={6} label="API keys" />
      ) : keys.isError ? (
        <QueryError error={keys.error} what="API keys" onRetry={() => void keys.refetch()} />
      ) : keys.data.data.length === 0 ? (
        <EmptyState
          kind="no-match"
          title="No key matches"
          action={<Button onClick={() => void setFilters(null)}>Clear filters</Button>}
        >
          Search looks at names and at the last four characters of a key.
        </EmptyState>
      ) : (
        <ApiKeyTable
          keys={keys.data.data}
          accountNames={accountNames(accounts.data)}
          {...(filters.after.length > 0 || keys.data.has_more
            ? {
                footer: (
                  <KeyPaging
                    after={filters.after}
                    next={keys.data.next_cursor}
                    onTurn={(after) => void setFilters({ after }, { history: "push" })}
                  />
                ),
              }
            : {})}
        />
      )}
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
