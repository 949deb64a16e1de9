"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { GatewaySheet } from "@/components/gateways/gateway-sheet";
import { GatewayTable } from "@/components/gateways/gateway-table";
import { gatewaysQuery } from "@/components/gateways/gateways.queries";
import { OperatorList } from "@/components/portal/operator-list";
import { usePortal } from "@/components/portal/portal-context";
import { useListFilters } from "@/components/portal/use-list-filters";

export function GatewayList() {
  const { can } = usePortal();
  const router = useRouter();
  const list = useListFilters();
  return (
    <OperatorList
      one="gateway"
      many="gateways"
      title="Gateways"
      description="Where callers reach your services: hosts, and the routes they serve."
      mayCreate={can.writeGateways}
      query={useQuery(gatewaysQuery(list.filters))}
      list={list}
      columns={5}
      nothingYet="A gateway takes calls at its hosts and passes them on by its routes, to your services."
      searchHint="Search looks at the names of gateways."
      create={(open, onClose) => (
        <GatewaySheet open={open} onClose={onClose} onCreated={({ id }) => router.push(`/operator/gateways/${id}`)} />
      )}
    >
      {(gateways, footer) => <GatewayTable gateways={gateways} footer={footer} />}
    </OperatorList>
  );
}
