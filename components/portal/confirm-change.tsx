"use client";

import type { ReactNode } from "react";
import { useOperatorMutation } from "@/components/portal/use-operator-mutation";
import { Callout } from "@/components/ui/callout";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { showToast } from "@/components/ui/toast";

interface ConfirmChangeProps {
  /** Names the thing: "Delete users?" */
  title: string;
  consequence: ReactNode;
  /** The verb with its object: "Delete service". */
  confirmLabel: string;
  tone?: "danger" | "neutral";
  /** Said when it is done: "users deleted". */
  done: string;
  change: () => Promise<unknown>;
  /** The id of what is then gone. */
  goneId?: string;
  /** After the dialog closed: a detail page has to leave. */
  onDone?: (() => void) | undefined;
  open: boolean;
  onClose: () => void;
  /** Typed before the button works: for what is in use and cannot be undone. */
  typeToConfirm?: string | undefined;
  children?: ReactNode;
}

/** Asks, does it, says so; stays with the reason where it is refused. */
export function ConfirmChange(props: ConfirmChangeProps) {
  const { change, goneId, done, onDone, onClose, open, typeToConfirm, children, ...words } = props;
  const mutation = useOperatorMutation(change, goneId);
  const confirm = () =>
    mutation.mutate(undefined, {
      onSuccess: () => {
        onClose();
        showToast({ title: done });
        onDone?.();
      },
    });
  return (
    <ConfirmDialog
      {...words}
      open={open}
      onOpenChange={onClose}
      onConfirm={confirm}
      pending={mutation.isPending}
      {...(typeToConfirm === undefined ? {} : { typeToConfirm })}
      error={
        mutation.error && (
          <Callout tone="danger" live>
            {mutation.error.message}
          </Callout>
        )
      }
    >
      {children}
    </ConfirmDialog>
  );
}
