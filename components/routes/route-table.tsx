"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import type { Gateway } from "#lib/gateways/contract";
import type { Route } from "#lib/routes/contract";
import { policyKindNames } from "@/components/policies/policy-facts";
import { ActiveStatus } from "@/components/portal/active-status";
import { usePortal } from "@/components/portal/portal-context";
import { useDialog } from "@/components/portal/use-dialog";
import { type RouteDialog, RouteDialogs, RouteMenu } from "@/components/routes/route-actions";
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

interface RouteTableProps {
  gateway: Gateway;
  routes: readonly Route[];
  footer?: ReactNode;
}

export function RouteTable({ gateway, routes, footer }: RouteTableProps) {
  return (
    <Table caption="Routes" footer={footer}>
      <TableHead>
        <HeaderCell>Path</HeaderCell>
        <HeaderCell className={fromTablet}>Methods</HeaderCell>
        <HeaderCell className={fromTablet}>Service</HeaderCell>
        <HeaderCell className={fromDesktop}>Policies</HeaderCell>
        <HeaderCell className={fromTablet}>Status</HeaderCell>
        <HeaderCell hidden>Actions</HeaderCell>
      </TableHead>
      <TableBody>
        {routes.map((route) => (
          <RouteRow key={route.id} gateway={gateway} route={route} />
        ))}
      </TableBody>
    </Table>
  );
}

function RouteRow({ gateway, route }: { gateway: Gateway; route: Route }) {
  const { can } = usePortal();
  const dialog = useDialog<RouteDialog>();
  const methods = route.methods.length === 0 ? "Any" : route.methods.join(" ");
  return (
    <Row>
      <NameCell
        below={
          <>
            <ActiveStatus isActive={route.is_active} />
            <span className="truncate">
              {route.methods.length === 0 ? "Any method" : <span className="font-mono">{methods}</span>} to{" "}
              {route.service_name}
            </span>
          </>
        }
      >
        <RoutePath route={route} onEdit={can.writeGateways ? () => dialog.show("edit") : null} />
        {route.name !== route.path && (
          <span className="block truncate font-normal text-ink-soft text-xs max-sm:hidden">{route.name}</span>
        )}
      </NameCell>
      <Cell mono className={fromTablet}>
        <span className="block max-w-48 truncate" title={methods}>
          {methods}
        </span>
      </Cell>
      <Cell className={fromTablet}>
        <Link
          href={`/operator/services/${route.service_id}`}
          className="block max-w-44 truncate rounded-xs underline-offset-4 hover:text-ink hover:underline"
        >
          {route.service_name}
        </Link>
      </Cell>
      <Cell className={fromDesktop}>
        <RoutePolicies route={route} />
      </Cell>
      <Cell className={fromTablet}>
        <ActiveStatus isActive={route.is_active} />
      </Cell>
      <ActionsCell>
        <RouteMenu route={route} dialog={dialog} mayWrite={can.writeGateways} />
        <RouteDialogs gateway={gateway} route={route} dialog={dialog} />
      </ActionsCell>
    </Row>
  );
}

/** Opens the form of the route, for those who may change it. */
function RoutePath({ route, onEdit }: { route: Route; onEdit: (() => void) | null }) {
  const style = "block max-w-full truncate font-mono text-xs";
  if (!onEdit) {
    return (
      <span title={route.path} className={style}>
        {route.path}
      </span>
    );
  }
  return (
    <button
      type="button"
      title={route.path}
      onClick={onEdit}
      className={`${style} rounded-xs underline-offset-4 hover:underline pointer-coarse:min-h-6`}
    >
      {route.path}
    </button>
  );
}

function RoutePolicies({ route: { policies } }: { route: Route }) {
  if (policies.length === 0) return "Defaults";
  return (
    <span className="flex gap-1">
      {policies.map(({ id, name, kind }) => (
        <span key={id} title={`${policyKindNames[kind]}: ${name}`}>
          <Badge className="max-w-36">
            <span className="truncate">{name}</span>
          </Badge>
        </span>
      ))}
    </span>
  );
}
