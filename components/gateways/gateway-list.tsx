"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { GatewaySheet } from "@/components/gateways/gateway-sheet";
import { GatewayTable } from "@/components/gateways/gateway-table";
import { gatewaysQuery } from "@/components/gateways/gateways.queries";
import { Page } from "@/components/layout/page";
import { ListPages } from "@/components/portal/list-pages";
import { usePortal } from "@/components/portal/portal-context";
import { SearchField } from "@/components/portal/search-field";
import { useDialog } from "@/components/portal/use-dialog";
import { useListFilters } from "@/components/portal/use-list-filters";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

export function GatewayList() {
  const { can } = usePortal();
  const router = useRouter();
  const list = useListFilters();
  const gateways = useQuery(gatewaysQuery(list.filters));
  const dialog = useDialog<"create">();
  return (
    <Page
      title="Gateways"
      description="Where callers reach your services: hosts, and the routes they serve."
      actions={
        can.writeGateways && (
          <Button
            ref={dialog.trigger}
            variant="primary"
            icon={<Plus aria-hidden="true" />}
            onClick={() => dialog.show("create")}
          >
            Create gateway
          </Button>
        )
      }
    >
      <ListPages
        what="gateways"
        query={gateways}
        columns={5}
        toolbar={
          <search className="flex flex-wrap gap-2">
            <SearchField
              label="Search gateways by name"
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
        nothingYet={<NoGateways onCreate={() => dialog.show("create")} />}
        noMatch={{ title: "No gateway matches", hint: "Search looks at the names of gateways." }}
      >
        {(shown, footer) => <GatewayTable gateways={shown} footer={footer} />}
      </ListPages>
      {dialog.shown && (
        <GatewaySheet
          open={dialog.isOpen}
          onClose={dialog.hide}
          onCreated={({ id }) => router.push(`/operator/gateways/${id}`)}
        />
      )}
    </Page>
  );
}

function NoGateways({ onCreate }: { onCreate: () => void }) {
  const { can } = usePortal();
  return (
    <EmptyState
      kind="nothing-yet"
      title="No gateways yet"
      action={
        can.writeGateways && (
          <Button variant="primary" onClick={onCreate}>
            Create your first gateway
          </Button>
        )
      }
    >
      A gateway takes calls at its hosts and passes them on by its routes, to your services.
    </EmptyState>
  );
}
