"use client";

import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";
import { useFieldControl } from "@/components/ui/field-control";
import { controlStyle } from "@/components/ui/input";

/** Grows with what is written, up to twelve lines. */
export function Textarea({ className, rows = 3, ...props }: ComponentProps<"textarea">) {
  const wiring = useFieldControl(props);
  return (
    <textarea
      rows={rows}
      {...props}
      {...wiring}
      className={cn(
        controlStyle,
        "field-sizing-content max-h-60 min-h-20 resize-y px-2.5 read-only:bg-muted py-1.5",
        className,
      )}
    />
  );
}
