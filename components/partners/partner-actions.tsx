"use client";

import { CircleSlash, MoreHorizontal, Pencil, Play } from "lucide-react";
import { call } from "#lib/http/client";
import { type Partner, updatePartner } from "#lib/partners/contract";
import { EditPartnerDialog } from "@/components/partners/edit-partner-dialog";
import { ConfirmChange } from "@/components/portal/confirm-change";
import { countText } from "@/components/portal/count-text";
import { useDialog } from "@/components/portal/use-dialog";
import { useOperatorMutation } from "@/components/portal/use-operator-mutation";
import { DropdownMenu, MenuItem } from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import { showToast } from "@/components/ui/toast";

const activity = (partner: Partner, isActive: boolean) => () =>
  call(updatePartner, { params: { partner_id: partner.id }, body: { is_active: isActive } });

/** What may be done with a partner, and the dialogs that do it. */
export function PartnerActions({ partner }: { partner: Partner }) {
  const dialog = useDialog<"edit" | "deactivate">();
  const activate = useOperatorMutation(activity(partner, true));
  const common = { open: dialog.isOpen, onClose: dialog.hide };
  const { name, keys_count: keys } = partner;
  return (
    <>
      <DropdownMenu
        trigger={
          <IconButton
            ref={dialog.trigger}
            label={`Actions for ${name}`}
            tooltip={false}
            icon={<MoreHorizontal aria-hidden="true" />}
          />
        }
      >
        <MenuItem icon={<Pencil aria-hidden="true" />} onSelect={() => dialog.show("edit")}>
          Edit
        </MenuItem>
        {partner.is_active ? (
          <MenuItem icon={<CircleSlash aria-hidden="true" />} onSelect={() => dialog.show("deactivate")}>
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
      </DropdownMenu>
      {dialog.shown === "edit" && <EditPartnerDialog partner={partner} {...common} />}
      {dialog.shown === "deactivate" && (
        <ConfirmChange
          {...common}
          title={`Deactivate ${name}?`}
          consequence={
            keys === 0
              ? "It has no keys. Nothing it makes later works until you activate it again."
              : `Calls with its ${countText(keys, "key")} and with every token it holds are refused within a second, until you activate it again.`
          }
          confirmLabel="Deactivate partner"
          tone="neutral"
          done={`${name} deactivated`}
          change={activity(partner, false)}
        />
      )}
    </>
  );
}
