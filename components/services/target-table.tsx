"use client";

import { CircleSlash, MoreHorizontal, Pencil, Play, Plus, Trash2 } from "lucide-react";
import { call } from "#lib/http/client";
import { deleteTarget, type Service, type ServiceTarget, updateTarget } from "#lib/services/contract";
import { formatNumber } from "@/components/keys/key-facts";
import { ActiveStatus } from "@/components/portal/active-status";
import { ConfirmChange } from "@/components/portal/confirm-change";
import { usePortal } from "@/components/portal/portal-context";
import { useDialog } from "@/components/portal/use-dialog";
import { useOperatorMutation } from "@/components/portal/use-operator-mutation";
import { TargetDialog } from "@/components/services/target-dialog";
import { Button } from "@/components/ui/button";
import { DropdownMenu, MenuItem, MenuSeparator } from "@/components/ui/dropdown-menu";
import { EmptyState } from "@/components/ui/empty-state";
import { IconButton } from "@/components/ui/icon-button";
import { Section } from "@/components/ui/section";
import {
  ActionsCell,
  Cell,
  fromTablet,
  HeaderCell,
  NameCell,
  Row,
  Table,
  TableBody,
  TableHead,
} from "@/components/ui/table";
import { showToast } from "@/components/ui/toast";

/** The instances a service's calls are shared out among. */
export function TargetSection({ service }: { service: Service }) {
  const { can } = usePortal();
  const dialog = useDialog<"add">();
  const isEmpty = service.targets.length === 0;
  return (
    <Section
      title="Targets"
      description="Calls are shared out evenly among the active ones; without any, they go to the base URL."
      actions={
        can.writeServices &&
        !isEmpty && (
          <Button ref={dialog.trigger} icon={<Plus aria-hidden="true" />} onClick={() => dialog.show("add")}>
            Add target
          </Button>
        )
      }
    >
      {isEmpty ? (
        <EmptyState
          kind="nothing-yet"
          level={3}
          title="No targets"
          action={can.writeServices && <Button onClick={() => dialog.show("add")}>Add target</Button>}
        >
          Calls go to <code className="wrap-anywhere text-xs">{service.base_url}</code>. Add targets when several
          instances share the work.
        </EmptyState>
      ) : (
        <TargetTable service={service} />
      )}
      {dialog.shown && <TargetDialog service={service} open={dialog.isOpen} onClose={dialog.hide} />}
    </Section>
  );
}

function TargetTable({ service }: { service: Service }) {
  const { can } = usePortal();
  return (
    <Table caption="Targets">
      <TableHead>
        <HeaderCell>Target</HeaderCell>
        <HeaderCell className={fromTablet}>Address</HeaderCell>
        <HeaderCell className={fromTablet}>Status</HeaderCell>
        <HeaderCell numeric className={fromTablet}>
          Connections at once
        </HeaderCell>
        {can.writeServices && <HeaderCell hidden>Actions</HeaderCell>}
      </TableHead>
      <TableBody>
        {service.targets.map((target) => (
          <TargetRow key={target.id} service={service} target={target} />
        ))}
      </TableBody>
    </Table>
  );
}

interface TargetProps {
  service: Service;
  target: ServiceTarget;
}

function TargetRow({ service, target }: TargetProps) {
  const { can } = usePortal();
  return (
    <Row>
      <NameCell
        below={
          <>
            <ActiveStatus isActive={target.is_active} />
            <span className="truncate font-mono">{target.url}</span>
          </>
        }
      >
        <span className="block truncate font-mono text-xs" title={target.name}>
          {target.name}
        </span>
      </NameCell>
      <Cell mono className={fromTablet}>
        <span className="block max-w-72 truncate" title={target.url}>
          {target.url}
        </span>
      </Cell>
      <Cell className={fromTablet}>
        <ActiveStatus isActive={target.is_active} />
      </Cell>
      <Cell numeric className={fromTablet}>
        {target.max_connections === null ? "No limit" : formatNumber(target.max_connections)}
      </Cell>
      {can.writeServices && (
        <ActionsCell>
          <TargetActions service={service} target={target} />
        </ActionsCell>
      )}
    </Row>
  );
}

function TargetActions({ service, target }: TargetProps) {
  const dialog = useDialog<"edit" | "remove">();
  const params = { service_id: service.id, target_id: target.id };
  const change = useOperatorMutation((isActive: boolean) =>
    call(updateTarget, { params, body: { is_active: isActive } }),
  );
  const setActive = (isActive: boolean) =>
    change.mutate(isActive, {
      onSuccess: () => showToast({ title: `${target.name} ${isActive ? "activated" : "deactivated"}` }),
      onError: ({ message }) =>
        showToast({ title: `${target.name} was not changed`, description: message, tone: "danger" }),
    });
  return (
    <>
      <DropdownMenu
        trigger={
          <IconButton
            ref={dialog.trigger}
            label={`Actions for ${target.name}`}
            tooltip={false}
            icon={<MoreHorizontal aria-hidden="true" />}
          />
        }
      >
        <MenuItem icon={<Pencil aria-hidden="true" />} onSelect={() => dialog.show("edit")}>
          Edit
        </MenuItem>
        <MenuItem
          icon={target.is_active ? <CircleSlash aria-hidden="true" /> : <Play aria-hidden="true" />}
          onSelect={() => setActive(!target.is_active)}
        >
          {target.is_active ? "Deactivate" : "Activate"}
        </MenuItem>
        <MenuSeparator />
        <MenuItem tone="danger" icon={<Trash2 aria-hidden="true" />} onSelect={() => dialog.show("remove")}>
          Remove
        </MenuItem>
      </DropdownMenu>
      {dialog.shown === "edit" && (
        <TargetDialog service={service} target={target} open={dialog.isOpen} onClose={dialog.hide} />
      )}
      {dialog.shown === "remove" && (
        <ConfirmChange
          title={`Remove ${target.name}?`}
          consequence={consequenceOfRemoving(service, target)}
          confirmLabel="Remove target"
          done={`${target.name} removed`}
          change={() => call(deleteTarget, { params })}
          goneId={target.id}
          open={dialog.isOpen}
          onClose={dialog.hide}
        />
      )}
    </>
  );
}

function consequenceOfRemoving(service: Service, target: ServiceTarget): string {
  const others = service.targets.filter((other) => other.is_active && other.id !== target.id).length;
  if (!target.is_active) return "It takes no calls now. Removing it cannot be undone.";
  if (others === 0) return `It is the last active target: calls then go to ${service.base_url}.`;
  return `New calls go to the other ${others === 1 ? "target" : `${others} targets`} within a second. Calls under way are finished.`;
}
