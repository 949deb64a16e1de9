"use client";

import { useQuery } from "@tanstack/react-query";
import { CreatePartnerDialog } from "@/components/partners/create-partner-dialog";
import { PartnerTable } from "@/components/partners/partner-table";
import { partnersQuery } from "@/components/partners/partners.queries";
import { OperatorList } from "@/components/portal/operator-list";
import { usePortal } from "@/components/portal/portal-context";
import { useListFilters } from "@/components/portal/use-list-filters";

export function PartnerList() {
  const { can } = usePortal();
  const list = useListFilters();
  return (
    <OperatorList
      one="partner"
      many="partners"
      title="Partners"
      description="Companies that call your services with keys of their own."
      mayCreate={can.writePartners}
      query={useQuery(partnersQuery(list.filters))}
      list={list}
      columns={6}
      nothingYet="A partner gets a key, the services you choose and a limit. It needs no account of a person."
      searchHint="Search looks at the names of partners."
      create={(open, onClose) => <CreatePartnerDialog open={open} onClose={onClose} />}
    >
      {(partners, footer) => <PartnerTable partners={partners} footer={footer} />}
    </OperatorList>
  );
}
