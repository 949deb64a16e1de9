"use client";

import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { useFieldControl } from "@/components/ui/field-control";

/** The looks of every text-like control. 16 px where a finger types: smaller text makes iOS zoom in. */
export const controlStyle =
  "w-full min-w-0 rounded-sm border border-line-control bg-surface text-base text-ink shadow-xs transition-colors hover:border-ink-faint focus-visible:border-accent-ink focus-visible:outline-1 focus-visible:outline-offset-0 disabled:cursor-not-allowed disabled:bg-muted disabled:text-ink-faint disabled:hover:border-line-control aria-invalid:border-danger pointer-coarse:text-lg";

export type InputProps = ComponentProps<"input"> & {
  /** Inside the box, before the text: an icon or a unit. */
  leading?: ReactNode;
  /** Inside the box, after the text. */
  trailing?: ReactNode;
};

export function Input({ leading, trailing, className, ...props }: InputProps) {
  const wiring = useFieldControl(props);
  const input = (
    <input
      autoComplete="off"
      {...props}
      {...wiring}
      className={cn(
        controlStyle,
        "h-8 px-2.5 read-only:bg-muted pointer-coarse:h-11",
        leading && "pl-8",
        trailing && "pr-9",
        !(leading || trailing) && className,
      )}
    />
  );
  if (!(leading || trailing)) return input;
  return (
    <span className={cn("relative flex w-full items-center", className)}>
      {leading && (
        <span className="pointer-events-none absolute left-2.5 text-ink-faint [&_svg]:size-4">{leading}</span>
      )}
      {input}
      {trailing && <span className="absolute right-1 text-ink-faint text-xs [&_svg]:size-4">{trailing}</span>}
    </span>
  );
}
