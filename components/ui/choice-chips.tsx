"use client";

import { ToggleGroup as Primitive } from "radix-ui";
import { cn } from "@/components/ui/cn";

interface ChoiceChipsProps<T extends string> {
  /** Read out before the choices. */
  label: string;
  options: readonly { value: T; label: string }[];
  value: readonly T[];
  onValueChange: (value: T[]) => void;
  /** For values that are code: methods, names of services. */
  mono?: boolean;
  className?: string;
}

/** Any number of a few short words. Arrow keys move, Space chooses. For choices that need a line of explanation, use `Checkbox`es. */
export function ChoiceChips<T extends string>({
  label,
  options,
  value,
  onValueChange,
  mono,
  className,
}: ChoiceChipsProps<T>) {
  return (
    <Primitive.Root
      type="multiple"
      aria-label={label}
      value={[...value]}
      onValueChange={(chosen) =>
        onValueChange(options.map((option) => option.value).filter((one) => chosen.includes(one)))
      }
      className={cn("flex flex-wrap gap-1.5", className)}
    >
      {options.map((option) => (
        <Primitive.Item
          key={option.value}
          value={option.value}
          className={cn(
            "h-7 max-w-full truncate rounded-sm border border-line-control bg-surface px-2.5 text-ink-soft text-xs transition-colors hover:border-ink-faint hover:text-ink data-[state=on]:border-accent-line data-[state=on]:bg-accent-soft data-[state=on]:text-accent-ink pointer-coarse:h-11 pointer-coarse:px-3.5",
            mono ? "font-mono" : "font-medium",
          )}
        >
          {option.label}
        </Primitive.Item>
      ))}
    </Primitive.Root>
  );
}
