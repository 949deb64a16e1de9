"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import type { Gateway } from "#lib/gateways/contract";
import { ListPages } from "@/components/portal/list-pages";
import { usePortal } from "@/components/portal/portal-context";
import { SearchField } from "@/components/portal/search-field";
import { useDialog } from "@/components/portal/use-dialog";
import { useListFilters } from "@/components/portal/use-list-filters";
import { RouteSheet } from "@/components/routes/route-sheet";
import { RouteTable } from "@/components/routes/route-table";
import { routesQuery } from "@/components/routes/routes.queries";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Section } from "@/components/ui/section";

/** The routes of a gateway, searched and paged like a list of their own. */
export function RouteSection({ gateway }: { gateway: Gateway }) {
  const { can } = usePortal();
  const list = useListFilters();
  const routes = useQuery(routesQuery(gateway.id, list.filters));
  const dialog = useDialog<"create">();
  return (
    <Section
      title="Routes"
      description="In the order they are tried: the first that matches takes the call."
      actions={
        can.writeGateways && (
          <Button
            ref={dialog.trigger}
            variant="primary"
            icon={<Plus aria-hidden="true" />}
            onClick={() => dialog.show("create")}
          >
            Create route
          </Button>
        )
      }
    >
      <ListPages
        what="routes"
        query={routes}
        columns={5}
        toolbar={
          <search className="flex flex-wrap gap-2">
            <SearchField
              label="Search routes by path or name"
              placeholder="Path or name"
              value={list.filters.search}
              onSearch={list.search}
            />
          </search>
        }
        isFiltered={list.isFiltered}
        after={list.filters.after}
        onTurn={list.turn}
        onClear={list.clear}
        nothingYet={
          <EmptyState kind="nothing-yet" level={3} title="No routes yet">
            Every call to this gateway is answered with 404. A route leads the calls of a path to a service.
          </EmptyState>
        }
        noMatch={{ title: "No route matches", hint: "Search looks at paths and names." }}
      >
        {(shown, footer) => <RouteTable gateway={gateway} routes={shown} footer={footer} />}
      </ListPages>
      {dialog.shown && <RouteSheet gateway={gateway} open={dialog.isOpen} onClose={dialog.hide} />}
    </Section>
  );
}
