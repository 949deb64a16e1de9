"use client";

import { useSyncExternalStore } from "react";
import { Button, type ButtonProps } from "@/components/ui/button";

const never = () => () => undefined;

/**
 * Sends the form around it, once React listens: until then it is disabled without looking so, and so is Enter (HTML 4.10.21.2).
 * A form sent earlier would be sent by the browser, which knows no JSON, and what was typed would be gone.
 */
export function SubmitButton({ pending, ...button }: Omit<ButtonProps, "type" | "disabled" | "className">) {
  const isReady = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return (
    <Button
      {...button}
      type="submit"
      pending={pending}
      disabled={!isReady}
      className="disabled:not-aria-busy:opacity-100"
    />
  );
}
