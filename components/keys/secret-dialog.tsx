"use client";

import { type ReactNode, useState } from "react";
import { type Issued, IssuedSecret, type Sample } from "@/components/keys/issued-secret";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Dialog } from "@/components/ui/dialog";

interface SecretDialogProps {
  open: boolean;
  onClose: () => void;
  /** The form before the secret exists. */
  title: string;
  description?: ReactNode;
  children: ReactNode;
  footer: ReactNode;
  /** While the secret is being made: closing now would lose it. */
  busy: boolean;
  /** Once it exists, the dialog shows it, once, and lets nobody leave who has not saved it. */
  issued: Issued | null;
  issuedTitle: string;
  /** What to try with it; absent: the call that says who the key is. */
  samples?: readonly Sample[];
}

/** The button that asked is gone: focus goes to the way back, not to nowhere. */
const focusOnMount = (button: HTMLButtonElement | null) => button?.focus();

/** A dialog whose form ends in a secret that is shown once. The secret lives in its parent's state and dies with it. */
export function SecretDialog(props: SecretDialogProps) {
  const { open, onClose, title, description, children, footer, busy, issued, issuedTitle } = props;
  const [isSaved, setSaved] = useState(false);
  const [isAsking, setAsking] = useState(false);

  const close = () => {
    if (issued && !isSaved) setAsking(true);
    else if (!busy) onClose();
  };
  const save = () => {
    setSaved(true);
    setAsking(false);
  };

  if (!issued) {
    return (
      <Dialog
        title={title}
        description={description}
        size="md"
        open={open}
        onOpenChange={close}
        dismissible={!busy}
        footer={footer}
      >
        {children}
      </Dialog>
    );
  }
  return (
    <Dialog
      title={issuedTitle}
      description="Save it now: it is shown this once. Portico keeps only a fingerprint of it."
      size="md"
      open={open}
      onOpenChange={close}
      footer={
        isAsking ? (
          <>
            <Button ref={focusOnMount} onClick={() => setAsking(false)}>
              Back to the key
            </Button>
            <Button variant="primary" onClick={onClose}>
              I have saved it
            </Button>
          </>
        ) : (
          <Button variant="primary" onClick={close}>
            Done
          </Button>
        )
      }
    >
      <IssuedSecret issued={issued} samples={props.samples} onSaved={save} />
      {isAsking && (
        <Callout tone="warning" live title="Have you saved the key?">
          Nobody can show it again. A lost key can only be rotated.
        </Callout>
      )}
    </Dialog>
  );
}
