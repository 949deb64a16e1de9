"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import type { Service } from "#lib/services/contract";
import { formatNumber } from "@/components/keys/key-facts";
import { ActiveStatus } from "@/components/portal/active-status";
import { countText } from "@/components/portal/count-text";
import { usePortal } from "@/components/portal/portal-context";
import { useDialog } from "@/components/portal/use-dialog";
import { type ServiceDialog, ServiceDialogs, ServiceMenu } from "@/components/services/service-actions";
import { RelativeTime } from "@/components/ui/relative-time";
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

export function ServiceTable({ services, footer }: { services: readonly Service[]; footer?: ReactNode }) {
  const { can } = usePortal();
  return (
    <Table caption="Services" footer={footer}>
      <TableHead>
        <HeaderCell>Service</HeaderCell>
        <HeaderCell className={fromTablet}>Calls go to</HeaderCell>
        <HeaderCell className={fromTablet}>Status</HeaderCell>
        <HeaderCell numeric className={fromTablet}>
          Routes
        </HeaderCell>
        <HeaderCell className={fromDesktop}>Updated</HeaderCell>
        {can.writeServices && <HeaderCell hidden>Actions</HeaderCell>}
      </TableHead>
      <TableBody>
        {services.map((service) => (
          <ServiceRow key={service.id} service={service} />
        ))}
      </TableBody>
    </Table>
  );
}

function ServiceRow({ service }: { service: Service }) {
  const { can } = usePortal();
  const dialog = useDialog<ServiceDialog>();
  return (
    <Row>
      <NameCell
        below={
          <>
            <ActiveStatus isActive={service.is_active} />
            <Upstream service={service} />
          </>
        }
      >
        <Link
          href={`/operator/services/${service.id}`}
          title={service.display_name}
          className="block truncate rounded-xs underline-offset-4 hover:underline"
        >
          {service.display_name}
        </Link>
        <span className="block truncate font-mono font-normal text-ink-soft text-xs max-sm:hidden">{service.name}</span>
      </NameCell>
      <Cell className={fromTablet}>
        <Upstream service={service} />
      </Cell>
      <Cell className={fromTablet}>
        <ActiveStatus isActive={service.is_active} />
      </Cell>
      <Cell numeric className={fromTablet}>
        {formatNumber(service.routes_count)}
      </Cell>
      <Cell className={fromDesktop}>
        <RelativeTime time={service.updated_at} />
      </Cell>
      {can.writeServices && (
        <ActionsCell>
          <ServiceMenu service={service} show={dialog.show} trigger={dialog.trigger} />
          <ServiceDialogs service={service} dialog={dialog} />
        </ActionsCell>
      )}
    </Row>
  );
}

/** Where its calls go: its active targets, else its base URL. */
function Upstream({ service }: { service: Service }) {
  const active = service.targets.filter((target) => target.is_active).length;
  if (active > 0) return <span className="truncate">{countText(active, "target")}</span>;
  return (
    <span className="block max-w-72 truncate font-mono text-xs" title={service.base_url}>
      {service.base_url}
    </span>
  );
}
