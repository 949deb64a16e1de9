"use client";

import { CircleSlash, MoreHorizontal, Pencil, Play, Trash2 } from "lucide-react";
import Link from "next/link";
import type { Ref } from "react";
import { call } from "#lib/http/client";
import { deleteService, type Service, updateService } from "#lib/services/contract";
import { ConfirmChange } from "@/components/portal/confirm-change";
import { countText } from "@/components/portal/count-text";
import type { useDialog } from "@/components/portal/use-dialog";
import { useOperatorMutation } from "@/components/portal/use-operator-mutation";
import { ServiceSheet } from "@/components/services/service-sheet";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { DropdownMenu, MenuItem, MenuSeparator } from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import { showToast } from "@/components/ui/toast";

export type ServiceDialog = "edit" | "deactivate" | "delete";

interface ServiceMenuProps {
  service: Service;
  show: (dialog: ServiceDialog) => void;
  trigger: Ref<HTMLButtonElement>;
  /** False where a button beside the menu edits. */
  withEdit?: boolean;
}

const activity = (service: Service, isActive: boolean) => () =>
  call(updateService, { params: { service_id: service.id }, body: { is_active: isActive } });

export function ServiceMenu({ service, show, trigger, withEdit = true }: ServiceMenuProps) {
  const activate = useOperatorMutation(activity(service, true));
  const name = service.display_name;
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
      {service.is_active ? (
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

interface ServiceDialogsProps {
  service: Service;
  dialog: ReturnType<typeof useDialog<ServiceDialog>>;
  onDeleted?: () => void;
}

/** The one dialog of a service that is open, if any. */
export function ServiceDialogs({ service, dialog, onDeleted }: ServiceDialogsProps) {
  const common = { service, open: dialog.isOpen, onClose: dialog.hide };
  switch (dialog.shown) {
    case "edit":
      return <ServiceSheet {...common} />;
    case "deactivate":
      return <DeactivateService {...common} />;
    case "delete":
      return service.routes_count > 0 ? (
        <ServiceInUse {...common} />
      ) : (
        <DeleteService {...common} onDeleted={onDeleted} />
      );
    case null:
      return null;
  }
}

interface EndServiceProps {
  service: Service;
  open: boolean;
  onClose: () => void;
  onDeleted?: (() => void) | undefined;
}

function DeactivateService({ service, ...dialog }: EndServiceProps) {
  const routes = service.routes_count;
  return (
    <ConfirmChange
      {...dialog}
      title={`Deactivate ${service.display_name}?`}
      consequence={
        routes === 0
          ? "No route leads to it yet. A route that will is answered with 503 until you activate it again."
          : `Calls through the ${routes === 1 ? "route that leads" : `${countText(routes, "route")} that lead`} to it are answered with 503 within a second, until you activate it again.`
      }
      confirmLabel="Deactivate service"
      tone="neutral"
      done={`${service.display_name} deactivated`}
      change={activity(service, false)}
    />
  );
}

function DeleteService({ service, onDeleted, ...dialog }: EndServiceProps) {
  const targets = service.targets.length;
  return (
    <ConfirmChange
      {...dialog}
      title={`Delete ${service.display_name}?`}
      consequence={`It goes with its ${targets === 0 ? "settings" : countText(targets, "target")} and from the list of every partner that may call it. That cannot be undone. Its requests stay in the usage history.`}
      confirmLabel="Delete service"
      done={`${service.display_name} deleted`}
      change={() => call(deleteService, { params: { service_id: service.id } })}
      goneId={service.id}
      onDone={onDeleted}
    />
  );
}

function ServiceInUse({ service, open, onClose }: EndServiceProps) {
  const routes = service.routes_count;
  return (
    <Dialog
      title={`${service.display_name} cannot be deleted yet`}
      description={`${countText(routes, "route")} ${routes === 1 ? "leads" : "lead"} to it. Delete ${routes === 1 ? "it" : "them"} or lead ${routes === 1 ? "it" : "them"} to another service first.`}
      open={open}
      onOpenChange={onClose}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button asChild variant="primary">
            <Link href="/operator/gateways">Go to gateways</Link>
          </Button>
        </>
      }
    />
  );
}
