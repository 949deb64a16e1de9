"use client";

import { CircleSlash, MoreHorizontal, Pencil, Play, Trash2 } from "lucide-react";
import type { Ref } from "react";
import { deleteGateway, type Gateway, updateGateway } from "#lib/gateways/contract";
import { call } from "#lib/http/client";
import { GatewaySheet } from "@/components/gateways/gateway-sheet";
import { ConfirmChange } from "@/components/portal/confirm-change";
import { countText } from "@/components/portal/count-text";
import type { useDialog } from "@/components/portal/use-dialog";
import { useOperatorMutation } from "@/components/portal/use-operator-mutation";
import { DropdownMenu, MenuItem, MenuSeparator } from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import { showToast } from "@/components/ui/toast";

export type GatewayDialog = "edit" | "deactivate" | "delete";

const activity = (gateway: Gateway, isActive: boolean) => () =>
  call(updateGateway, { params: { gateway_id: gateway.id }, body: { is_active: isActive } });

interface GatewayMenuProps {
  gateway: Gateway;
  show: (dialog: GatewayDialog) => void;
  trigger: Ref<HTMLButtonElement>;
  /** False where a button beside the menu edits. */
  withEdit?: boolean;
}

export function GatewayMenu({ gateway, show, trigger, withEdit = true }: GatewayMenuProps) {
  const activate = useOperatorMutation(activity(gateway, true));
  const { name } = gateway;
  return (
    <DropdownMenu
      trigger={
        <IconButton
          ref={trigger}
          label={`Actions for ${name}`}
          tooltip={false}
          icon={<MoreHorizontal aria-hidden="true" />}
        />
      }
    >
      {withEdit && (
        <MenuItem icon={<Pencil aria-hidden="true" />} onSelect={() => show("edit")}>
          Edit
        </MenuItem>
      )}
      {gateway.is_active ? (
        <MenuItem icon={<CircleSlash aria-hidden="true" />} onSelect={() => show("deactivate")}>
          Deactivate
        </MenuItem>
      ) : (
        <MenuItem
          icon={<Play aria-hidden="true" />}
          onSelect={() =>
            activate.mutate(undefined, {
              onSuccess: () => showToast({ title: `${name} activated` }),
              onError: ({ message }) =>
                showToast({ title: `${name} is still inactive`, description: message, tone: "danger" }),
            })
          }
        >
          Activate
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuItem tone="danger" icon={<Trash2 aria-hidden="true" />} onSelect={() => show("delete")}>
        Delete
      </MenuItem>
    </DropdownMenu>
  );
}

interface GatewayDialogsProps {
  gateway: Gateway;
  dialog: ReturnType<typeof useDialog<GatewayDialog>>;
  onDeleted?: () => void;
}

/** The one dialog of a gateway that is open, if any. */
export function GatewayDialogs({ gateway, dialog, onDeleted }: GatewayDialogsProps) {
  const common = { open: dialog.isOpen, onClose: dialog.hide };
  const routes = countText(gateway.routes_count, "route");
  switch (dialog.shown) {
    case "edit":
      return <GatewaySheet gateway={gateway} {...common} />;
    case "deactivate":
      return (
        <ConfirmChange
          {...common}
          title={`Deactivate ${gateway.name}?`}
          consequence={`Calls to its ${routes} are answered with 404 within a second, until you activate it again.`}
          confirmLabel="Deactivate gateway"
          tone="neutral"
          done={`${gateway.name} deactivated`}
          change={activity(gateway, false)}
        />
      );
    case "delete":
      return (
        <ConfirmChange
          {...common}
          title={`Delete ${gateway.name}?`}
          consequence={
            gateway.routes_count === 0
              ? "It has no routes. Its domains become free. That cannot be undone."
              : `Its ${routes} ${gateway.routes_count === 1 ? "goes" : "go"} with it: calls to them are answered with 404 within a second. That cannot be undone. Services and policies stay.`
          }
          confirmLabel="Delete gateway"
          done={`${gateway.name} deleted`}
          change={() => call(deleteGateway, { params: { gateway_id: gateway.id } })}
          goneId={gateway.id}
          onDone={onDeleted}
          typeToConfirm={gateway.routes_count > 0 ? gateway.name : undefined}
        />
      );
    case null:
      return null;
  }
}
