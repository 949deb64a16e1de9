"use client";

import { useQuery } from "@tanstack/react-query";
import { OperatorList } from "@/components/portal/operator-list";
import { usePortal } from "@/components/portal/portal-context";
import { useListFilters } from "@/components/portal/use-list-filters";
import { ServiceSheet } from "@/components/services/service-sheet";
import { ServiceTable } from "@/components/services/service-table";
import { servicesQuery } from "@/components/services/services.queries";

export function ServiceList() {
  const { can } = usePortal();
  const list = useListFilters();
  return (
    <OperatorList
      one="service"
      many="services"
      title="Services"
      description="The APIs behind your gateways, and where they listen."
      mayCreate={can.writeServices}
      query={useQuery(servicesQuery(list.filters))}
      list={list}
      columns={5}
      nothingYet="A service is an API of yours with its address. Routes of a gateway lead to it."
      searchHint="Search looks at names and display names."
      create={(open, onClose) => <ServiceSheet open={open} onClose={onClose} />}
    >
      {(services, footer) => <ServiceTable services={services} footer={footer} />}
    </OperatorList>
  );
}
