"use client";

import { RadioGroup as Primitive } from "radix-ui";
import { type ReactNode, useId } from "react";
import { cn } from "@/components/ui/cn";

export interface RadioOption<T extends string> {
  value: T;
  label: string;
  description?: ReactNode;
  disabled?: boolean;
}

interface RadioGroupProps<T extends string> {
  /** Read out before the options. */
  label: string;
  options: readonly RadioOption<T>[];
  value: T;
  onValueChange: (value: T) => void;
  name?: string;
  className?: string;
}

/** One of a few, each with a line of explanation. For short words without one, use `SegmentedControl`. */
export function RadioGroup<T extends string>({ label, options, className, ...props }: RadioGroupProps<T>) {
  const id = useId();
  return (
    <Primitive.Root
      {...props}
      onValueChange={(value) => props.onValueChange(value as T)}
      aria-label={label}
      className={cn("overflow-hidden rounded-md border border-line bg-surface", className)}
    >
      {options.map((option) => (
        <label
          key={option.value}
          htmlFor={`${id}-${option.value}`}
          className={cn(
            "flex gap-3 border-line border-t px-3 py-2.5 first:border-t-0 has-data-[state=checked]:bg-accent-soft",
            option.disabled ? "cursor-not-allowed opacity-50" : "cursor-pointer hover:bg-muted",
          )}
        >
          <Primitive.Item
            id={`${id}-${option.value}`}
            value={option.value}
            disabled={option.disabled ?? false}
            aria-labelledby={`${id}-${option.value}-label`}
            aria-describedby={option.description ? `${id}-${option.value}-hint` : undefined}
            className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-full border border-line-control bg-surface data-[state=checked]:border-accent data-[state=checked]:bg-accent"
          >
            <Primitive.Indicator className="size-1.5 rounded-full bg-on-accent" />
          </Primitive.Item>
          <span className="min-w-0 text-sm">
            <span id={`${id}-${option.value}-label`} className="block font-medium">
              {option.label}
            </span>
            {option.description && (
              <span id={`${id}-${option.value}-hint`} className="block text-ink-soft text-xs">
                {option.description}
              </span>
            )}
          </span>
        </label>
      ))}
    </Primitive.Root>
  );
}
