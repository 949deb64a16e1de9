"use client";

import type { ReactNode } from "react";
import type { Partner } from "#lib/partners/contract";
import { formatNumber } from "@/components/keys/key-facts";
import { PartnerActions } from "@/components/partners/partner-actions";
import { ActiveStatus } from "@/components/portal/active-status";
import { usePortal } from "@/components/portal/portal-context";
import { Badge } from "@/components/ui/badge";
import {
  ActionsCell,
  Cell,
  fromDesktop,
  fromTablet,
  HeaderCell,
  NameCell,
  Row,
  Table,
  TableBody,
  TableHead,
} from "@/components/ui/table";

export function PartnerTable({ partners, footer }: { partners: readonly Partner[]; footer?: ReactNode }) {
  const { can } = usePortal();
  return (
    <Table caption="Partners" footer={footer}>
      <TableHead>
        <HeaderCell>Partner</HeaderCell>
        <HeaderCell numeric className={fromDesktop}>
          Number
        </HeaderCell>
        <HeaderCell className={fromTablet}>Services</HeaderCell>
        <HeaderCell numeric className={fromTablet}>
          Limit
        </HeaderCell>
        <HeaderCell numeric className={fromTablet}>
          Keys
        </HeaderCell>
        <HeaderCell className={fromTablet}>Status</HeaderCell>
        {can.writePartners && <HeaderCell hidden>Actions</HeaderCell>}
      </TableHead>
      <TableBody>
        {partners.map((partner) => (
          <PartnerRow key={partner.id} partner={partner} />
        ))}
      </TableBody>
    </Table>
  );
}

function PartnerRow({ partner }: { partner: Partner }) {
  const { can } = usePortal();
  const limit = partner.rate_limit === null ? "Of another kind" : `${formatNumber(partner.rate_limit)}/min`;
  return (
    <Row>
      <NameCell
        below={
          <>
            <ActiveStatus isActive={partner.is_active} />
            <span className="truncate">
              {limit}, {partner.allowed_services.join(", ") || "no service"}
            </span>
          </>
        }
      >
        <span dir="auto" title={partner.name} className="block truncate text-left">
          {partner.name}
        </span>
      </NameCell>
      <Cell numeric className={fromDesktop}>
        {partner.number}
      </Cell>
      <Cell className={fromTablet}>
        <PartnerServices names={partner.allowed_services} />
      </Cell>
      <Cell numeric className={fromTablet}>
        {limit}
      </Cell>
      <Cell numeric className={fromTablet}>
        {formatNumber(partner.keys_count)}
      </Cell>
      <Cell className={fromTablet}>
        <ActiveStatus isActive={partner.is_active} />
      </Cell>
      {can.writePartners && (
        <ActionsCell>
          <PartnerActions partner={partner} />
        </ActionsCell>
      )}
    </Row>
  );
}

const servicesShownMax = 4;

function PartnerServices({ names }: { names: readonly string[] }) {
  if (names.length === 0) return "None";
  const hidden = names.slice(servicesShownMax);
  return (
    <span className="flex gap-1">
      {names.slice(0, servicesShownMax).map((name) => (
        <Badge key={name} className="max-w-32 font-mono">
          <span className="truncate">{name}</span>
        </Badge>
      ))}
      {hidden.length > 0 && (
        <span title={hidden.join(", ")} className="text-xs leading-5">
          and {hidden.length} more
        </span>
      )}
    </span>
  );
}
