"use client";

import { CircleSlash, MoreHorizontal, OctagonX, Pencil, Play, RefreshCw, Trash2 } from "lucide-react";
import type { Ref } from "react";
import type { ApiKey } from "#lib/keys/contract";
import { EditKeyDialog } from "@/components/keys/edit-key-dialog";
import { DeleteKeyDialog, DisableKeyDialog, RevokeKeyDialog } from "@/components/keys/end-key-dialogs";
import { useChangeKeyState } from "@/components/keys/keys.queries";
import { RotateKeyDialog } from "@/components/keys/rotate-key-dialog";
import type { useDialog } from "@/components/portal/use-dialog";
import { DropdownMenu, MenuItem, MenuSeparator } from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import { showToast } from "@/components/ui/toast";

export type KeyDialog = "edit" | "rotate" | "disable" | "revoke" | "delete";

interface KeyMenuProps {
  apiKey: ApiKey;
  show: (dialog: KeyDialog) => void;
  trigger: Ref<HTMLButtonElement>;
  /** Left out where buttons beside the menu already do these. */
  without?: readonly KeyDialog[];
}

/** What may be done with a key in its present state. */
export function KeyMenu({ apiKey, show, trigger, without = [] }: KeyMenuProps) {
  const change = useChangeKeyState(apiKey.id);
  const enable = () =>
    change.mutate("enable", {
      onSuccess: () => showToast({ title: `${apiKey.name} enabled` }),
      onError: (error) =>
        showToast({ title: `${apiKey.name} is still disabled`, description: error.message, tone: "danger" }),
    });
  const { status } = apiKey;
  const isFinal = status === "revoked";
  const offers = (dialog: KeyDialog, isPossible: boolean) => isPossible && !without.includes(dialog);

  return (
    <DropdownMenu
      trigger={
        <IconButton
          ref={trigger}
          label={`Actions for ${apiKey.name}`}
          tooltip={false}
          icon={<MoreHorizontal aria-hidden="true" />}
        />
      }
    >
      {offers("edit", !isFinal) && (
        <MenuItem icon={<Pencil aria-hidden="true" />} onSelect={() => show("edit")}>
          Edit
        </MenuItem>
      )}
      {offers("rotate", !isFinal && status !== "expired") && (
        <MenuItem icon={<RefreshCw aria-hidden="true" />} onSelect={() => show("rotate")}>
          Rotate
        </MenuItem>
      )}
      {status === "active" && (
        <MenuItem icon={<CircleSlash aria-hidden="true" />} onSelect={() => show("disable")}>
          Disable
        </MenuItem>
      )}
      {status === "disabled" && (
        <MenuItem icon={<Play aria-hidden="true" />} onSelect={enable}>
          Enable
        </MenuItem>
      )}
      {!isFinal && <MenuSeparator />}
      {!isFinal && (
        <MenuItem tone="danger" icon={<OctagonX aria-hidden="true" />} onSelect={() => show("revoke")}>
          Revoke
        </MenuItem>
      )}
      <MenuItem tone="danger" icon={<Trash2 aria-hidden="true" />} onSelect={() => show("delete")}>
        Delete
      </MenuItem>
    </DropdownMenu>
  );
}

interface KeyDialogsProps {
  apiKey: ApiKey;
  dialog: ReturnType<typeof useDialog<KeyDialog>>;
  onDeleted?: () => void;
}

/** The one dialog of a key that is open, if any. */
export function KeyDialogs({ apiKey, dialog, onDeleted }: KeyDialogsProps) {
  const common = { apiKey, open: dialog.isOpen, onClose: dialog.hide };
  switch (dialog.shown) {
    case "edit":
      return <EditKeyDialog {...common} />;
    case "rotate":
      return <RotateKeyDialog {...common} />;
    case "disable":
      return <DisableKeyDialog {...common} />;
    case "revoke":
      return <RevokeKeyDialog {...common} />;
    case "delete":
      return <DeleteKeyDialog {...common} {...(onDeleted ? { onDeleted } : {})} />;
    case null:
      return null;
  }
}
