"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { Page } from "@/components/layout/page";
import { ListPages } from "@/components/portal/list-pages";
import { usePortal } from "@/components/portal/portal-context";
import { SearchField } from "@/components/portal/search-field";
import { useDialog } from "@/components/portal/use-dialog";
import { useListFilters } from "@/components/portal/use-list-filters";
import { ServiceSheet } from "@/components/services/service-sheet";
import { ServiceTable } from "@/components/services/service-table";
import { servicesQuery } from "@/components/services/services.queries";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

export function ServiceList() {
  const { can } = usePortal();
  const list = useListFilters();
  const services = useQuery(servicesQuery(list.filters));
  const dialog = useDialog<"create">();
  return (
    <Page
      title="Services"
      description="The APIs behind your gateways, and where they listen."
      actions={
        can.writeServices && (
          <Button
            ref={dialog.trigger}
            variant="primary"
            icon={<Plus aria-hidden="true" />}
            onClick={() => dialog.show("create")}
          >
            Create service
          </Button>
        )
      }
    >
      <ListPages
        what="services"
        query={services}
        columns={5}
        toolbar={
          <search className="flex flex-wrap gap-2">
            <SearchField
              label="Search services by name"
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
        nothingYet={<NoServices onCreate={() => dialog.show("create")} />}
        noMatch={{ title: "No service matches", hint: "Search looks at names and display names." }}
      >
        {(shown, footer) => <ServiceTable services={shown} footer={footer} />}
      </ListPages>
      {dialog.shown && <ServiceSheet open={dialog.isOpen} onClose={dialog.hide} />}
    </Page>
  );
}

function NoServices({ onCreate }: { onCreate: () => void }) {
  const { can } = usePortal();
  return (
    <EmptyState
      kind="nothing-yet"
      title="No services yet"
      action={
        can.writeServices && (
          <Button variant="primary" onClick={onCreate}>
            Create your first service
          </Button>
        )
      }
    >
      A service is an API of yours with its address. Routes of a gateway lead to it.
    </EmptyState>
  );
}
