"use client";

import { useCallback, useEffect, useRef, useState } from "react";

const closingMs = 200; // as long as the closing animation; then the dialog and all it holds is gone
const refocusMs = 20;

/**
 * Which of several dialogs is open. `shown` stays for the closing animation, then is null: unmount the dialog with it, so that
 * nothing it held (a secret, half a form) outlives it. Focus goes back to `trigger`, which a menu item cannot be itself.
 */
export function useDialog<Kind extends string>() {
  const [shown, setShown] = useState<Kind | null>(null);
  const [isOpen, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);

  const show = useCallback((kind: Kind) => {
    setShown(kind);
    setOpen(true);
  }, []);
  const hide = useCallback(() => setOpen(false), []);

  useEffect(() => {
    if (isOpen || shown === null) return;
    const timer = setTimeout(() => {
      setShown(null);
      // After the dialog gave focus back to what had it, which may be a menu item that is gone: then nothing has it.
      setTimeout(() => document.activeElement === document.body && trigger.current?.focus(), refocusMs);
    }, closingMs);
    return () => clearTimeout(timer);
  }, [isOpen, shown]);

  return { shown, isOpen, show, hide, trigger };
}
