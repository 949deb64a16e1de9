"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import type { Gateway } from "#lib/gateways/contract";
import { type GatewayDialog, GatewayDialogs, GatewayMenu } from "@/components/gateways/gateway-actions";
import { errorFormats } from "@/components/gateways/gateway-facts";
import { GatewayPlaces } from "@/components/gateways/gateway-places";
import { formatNumber } from "@/components/keys/key-facts";
import { ActiveStatus } from "@/components/portal/active-status";
import { countText } from "@/components/portal/count-text";
import { usePortal } from "@/components/portal/portal-context";
import { useDialog } from "@/components/portal/use-dialog";
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

const domainsShownMax = 2;

export function GatewayTable({ gateways, footer }: { gateways: readonly Gateway[]; footer?: ReactNode }) {
  const { can } = usePortal();
  return (
    <Table caption="Gateways" footer={footer}>
      <TableHead>
        <HeaderCell>Gateway</HeaderCell>
        <HeaderCell className={fromTablet}>Serves</HeaderCell>
        <HeaderCell className={fromTablet}>Status</HeaderCell>
        <HeaderCell className={fromDesktop}>Errors</HeaderCell>
        <HeaderCell numeric className={fromTablet}>
          Routes
        </HeaderCell>
        {can.writeGateways && <HeaderCell hidden>Actions</HeaderCell>}
      </TableHead>
      <TableBody>
        {gateways.map((gateway) => (
          <GatewayRow key={gateway.id} gateway={gateway} />
        ))}
      </TableBody>
    </Table>
  );
}

function GatewayRow({ gateway }: { gateway: Gateway }) {
  const { can } = usePortal();
  const dialog = useDialog<GatewayDialog>();
  return (
    <Row>
      <NameCell
        below={
          <>
            <ActiveStatus isActive={gateway.is_active} />
            {countText(gateway.routes_count, "route")}
          </>
        }
      >
        <Link
          href={`/operator/gateways/${gateway.id}`}
          title={gateway.name}
          className="block truncate rounded-xs underline-offset-4 hover:underline"
        >
          {gateway.name}
        </Link>
      </NameCell>
      <Cell className={fromTablet}>
        <GatewayPlaces gateway={gateway} shownMax={domainsShownMax} />
      </Cell>
      <Cell className={fromTablet}>
        <ActiveStatus isActive={gateway.is_active} />
      </Cell>
      <Cell className={fromDesktop}>{errorFormats[gateway.error_format].label}</Cell>
      <Cell numeric className={fromTablet}>
        {formatNumber(gateway.routes_count)}
      </Cell>
      {can.writeGateways && (
        <ActionsCell>
          <GatewayMenu gateway={gateway} show={dialog.show} trigger={dialog.trigger} />
          <GatewayDialogs gateway={gateway} dialog={dialog} />
        </ActionsCell>
      )}
    </Row>
  );
}
