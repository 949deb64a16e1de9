"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useQueryStates } from "nuqs";
import { ApiKeyTable } from "@/components/keys/api-key-table";
import { CreateKeyDialog } from "@/components/keys/create-key-dialog";
import { type KeyFilters, keyFilterParsers } from "@/components/keys/key-filters";
import { KeyToolbar } from "@/components/keys/key-toolbar";
import { accountNames, accountsQuery, apiKeysQuery } from "@/components/keys/keys.queries";
import { Page } from "@/components/layout/page";
import { ListPages } from "@/components/portal/list-pages";
import { usePortal } from "@/components/portal/portal-context";
import { useDialog } from "@/components/portal/use-dialog";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

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
  const { can } = usePortal();
  const [filters, setFilters] = useQueryStates(keyFilterParsers);
  const keys = useQuery(apiKeysQuery(filters));
  const accounts = useQuery(accountsQuery(can.manageAccounts));
  return (
    <ListPages
      what="API keys"
      query={keys}
      columns={6}
      toolbar={
        <KeyToolbar
          filters={filters}
          onSearch={(search) => void setFilters({ search: search || null, after: null })}
          onStatus={(status) => void setFilters({ status, after: null }, { history: "push" })}
        />
      }
      isFiltered={filters.search !== "" || filters.status !== null || filters.after.length > 0}
      after={filters.after}
      onTurn={(after) => void setFilters({ after }, { history: "push" })}
      onClear={() => void setFilters(noFilters)}
      nothingYet={<NoKeys onCreate={onCreate} />}
      noMatch={{
        title: "No key matches",
        hint: "Search looks at names and at the last four characters of a key.",
      }}
    >
      {(shown, footer) => <ApiKeyTable keys={shown} accountNames={accountNames(accounts.data)} footer={footer} />}
    </ListPages>
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
