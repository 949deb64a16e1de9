"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { Page } from "@/components/layout/page";
import { CreatePartnerDialog } from "@/components/partners/create-partner-dialog";
import { PartnerTable } from "@/components/partners/partner-table";
import { partnersQuery } from "@/components/partners/partners.queries";
import { ListPages } from "@/components/portal/list-pages";
import { usePortal } from "@/components/portal/portal-context";
import { SearchField } from "@/components/portal/search-field";
import { useDialog } from "@/components/portal/use-dialog";
import { useListFilters } from "@/components/portal/use-list-filters";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

export function PartnerList() {
  const { can } = usePortal();
  const list = useListFilters();
  const partners = useQuery(partnersQuery(list.filters));
  const dialog = useDialog<"create">();
  return (
    <Page
      title="Partners"
      description="Companies that call your services with keys of their own."
      actions={
        can.writePartners && (
          <Button
            ref={dialog.trigger}
            variant="primary"
            icon={<Plus aria-hidden="true" />}
            onClick={() => dialog.show("create")}
          >
            Create partner
          </Button>
        )
      }
    >
      <ListPages
        what="partners"
        query={partners}
        columns={6}
        toolbar={
          <search className="flex flex-wrap gap-2">
            <SearchField
              label="Search partners by name"
              placeholder="Name"
              value={list.filters.search}
              onSearch={list.search}
            />
          </search>
        }
        isFiltered={list.isFiltered}
        after={list.filters.after}
        onTurn={list.turn}
        onClear={list.clear}
        nothingYet={<NoPartners onCreate={() => dialog.show("create")} />}
        noMatch={{ title: "No partner matches", hint: "Search looks at the names of partners." }}
      >
        {(shown, footer) => <PartnerTable partners={shown} footer={footer} />}
      </ListPages>
      {dialog.shown && <CreatePartnerDialog open={dialog.isOpen} onClose={dialog.hide} />}
    </Page>
  );
}

function NoPartners({ onCreate }: { onCreate: () => void }) {
  const { can } = usePortal();
  return (
    <EmptyState
      kind="nothing-yet"
      title="No partners yet"
      action={
        can.writePartners && (
          <Button variant="primary" onClick={onCreate}>
            Create your first partner
          </Button>
        )
      }
    >
      A partner gets a key, the services you choose and a limit. It needs no account of a person.
    </EmptyState>
  );
}
