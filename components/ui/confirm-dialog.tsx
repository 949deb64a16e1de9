"use client";

import { AlertDialog as Primitive } from "radix-ui";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { DialogFooter, dialogStyle, overlayStyle, scrolledStyle } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

export interface ConfirmDialogProps {
  /** Names the thing: "Revoke Production key?" */
  title: string;
  /** The consequence, in one or two sentences. */
  consequence: ReactNode;
  /** The verb with its object: "Revoke key", never "OK". */
  confirmLabel: string;
  cancelLabel?: string;
  /** May be async. The dialog stays open while `pending`; close it through `onOpenChange` on success. */
  onConfirm: () => void;
  pending?: boolean;
  /** The confirm button works once this was typed. Only for what cannot be undone and is in use. */
  typeToConfirm?: string;
  tone?: "danger" | "neutral";
  /** Shown above the buttons when the action failed. */
  error?: ReactNode;
  /** Facts that help to decide: last use, calls today. */
  children?: ReactNode;
  trigger?: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** Asks before something is lost. Focus starts on the way out. */
export function ConfirmDialog({ trigger, open, onOpenChange, ...content }: ConfirmDialogProps) {
  return (
    <Primitive.Root {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      {trigger && <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>}
      <Primitive.Portal>
        <Primitive.Overlay className={overlayStyle} />
        <Primitive.Content className={cn(dialogStyle, "sm:max-w-md")}>
          <ConfirmForm {...content} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

type ConfirmFormProps = Omit<ConfirmDialogProps, "trigger" | "open" | "onOpenChange">;

function ConfirmForm(props: ConfirmFormProps) {
  const { title, consequence, confirmLabel, cancelLabel = "Cancel", onConfirm, pending, typeToConfirm } = props;
  const [typed, setTyped] = useState("");
  const isReady = typeToConfirm === undefined || typed.trim() === typeToConfirm;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady && !pending) onConfirm();
  };

  return (
    <form onSubmit={submit} className="flex min-h-0 flex-col">
      <div className={cn(scrolledStyle, "pt-4")}>
        <div className="flex flex-col gap-1">
          <Primitive.Title className="text-pretty break-words font-semibold text-lg">{title}</Primitive.Title>
          <Primitive.Description asChild>
            <div className="text-ink-soft text-sm">{consequence}</div>
          </Primitive.Description>
        </div>
        {props.children}
        {typeToConfirm !== undefined && (
          <Field label={`Type “${typeToConfirm}” to confirm`}>
            <Input value={typed} onChange={(event) => setTyped(event.target.value)} spellCheck={false} />
          </Field>
        )}
        {props.error}
      </div>
      <DialogFooter>
        <Primitive.Cancel asChild>
          <Button>{cancelLabel}</Button>
        </Primitive.Cancel>
        <Button
          type="submit"
          variant={props.tone === "neutral" ? "primary" : "danger"}
          disabled={!isReady}
          pending={pending}
        >
          {confirmLabel}
        </Button>
      </DialogFooter>
    </form>
  );
}
