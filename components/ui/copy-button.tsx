"use client";

import { Check, Copy, X } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, type ButtonProps } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { copyText } from "@/components/ui/copy-text";

interface CopyButtonProps extends Pick<ButtonProps, "variant" | "size" | "wide"> {
  text: string;
  /** "Copy", or with its object where several stand together: "Copy request id". */
  label?: string;
  /** The words are for screen readers only. */
  iconOnly?: boolean;
  onCopied?: () => void;
  className?: string;
}

const confirmMs = 2_000;

type Outcome = "idle" | "copied" | "refused";
const icons = { idle: Copy, copied: Check, refused: X };
const announcements = { idle: "", copied: "Copied", refused: "Copying was refused by the browser" };

/** Copies and says so, to eyes and to screen readers. */
export function CopyButton({ text, label = "Copy", iconOnly, onCopied, className, ...look }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<Outcome>("idle");
  useEffect(() => {
    if (outcome === "idle") return;
    const timer = setTimeout(() => setOutcome("idle"), confirmMs);
    return () => clearTimeout(timer);
  }, [outcome]);

  const copy = async () => {
    const isCopied = await copyText(text);
    setOutcome(isCopied ? "copied" : "refused");
    if (isCopied) onCopied?.();
  };
  const Icon = icons[outcome];
  const words = outcome === "copied" ? "Copied" : label;

  return (
    <>
      <Button
        variant={iconOnly ? "ghost" : "secondary"}
        size={iconOnly ? "sm" : "md"}
        {...look}
        onClick={copy}
        aria-label={label}
        title={iconOnly ? label : undefined}
        icon={<Icon aria-hidden="true" className={cn("size-3.5!", outcome === "copied" && "text-success-ink")} />}
        className={cn(iconOnly && "size-7 px-0 pointer-coarse:size-9 pointer-coarse:px-0", className)}
      >
        {!iconOnly && words}
      </Button>
      <span aria-live="polite" className="sr-only">
        {announcements[outcome]}
      </span>
    </>
  );
}
