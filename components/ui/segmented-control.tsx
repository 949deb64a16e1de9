"use client";

import { RadioGroup as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

interface SegmentedControlProps<T extends string> {
  label: string;
  options: readonly { value: T; label: ReactNode; disabled?: boolean }[];
  value: T;
  onValueChange: (value: T) => void;
  className?: string;
}

/** One of a few short words: a range, a view. Arrow keys move the choice. */
export function SegmentedControl<T extends string>({ label, options, className, ...props }: SegmentedControlProps<T>) {
  return (
    <Primitive.Root
      {...props}
      onValueChange={(value) => props.onValueChange(value as T)}
      aria-label={label}
      orientation="horizontal"
      className={cn("inline-flex max-w-full overflow-x-auto rounded-sm border border-line bg-muted p-0.5", className)}
    >
      {options.map((option) => (
        <Primitive.Item
          key={option.value}
          value={option.value}
          disabled={option.disabled ?? false}
          className="h-6.5 whitespace-nowrap rounded-xs px-2.5 font-medium text-ink-soft text-xs transition-colors hover:text-ink focus-visible:-outline-offset-1 disabled:opacity-50 data-[state=checked]:bg-thumb data-[state=checked]:text-ink data-[state=checked]:shadow-sm pointer-coarse:h-9 pointer-coarse:px-3.5"
        >
          {option.label}
        </Primitive.Item>
      ))}
    </Primitive.Root>
  );
}
