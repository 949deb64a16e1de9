"use client";

import { Check, Minus } from "lucide-react";
import { Checkbox as Primitive } from "radix-ui";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "@/components/ui/cn";

export type CheckboxProps = Omit<ComponentProps<typeof Primitive.Root>, "children"> & {
  /** Left out only where `aria-label` is given (a table's selection column). */
  label?: ReactNode;
  hint?: ReactNode;
};

/** Independent choices, and consent. `checked="indeterminate"` for "some of these rows". */
export function Checkbox({ label, hint, className, ...props }: CheckboxProps) {
  const id = useId();
  const box = (
    <Primitive.Root
      id={id}
      aria-describedby={hint ? `${id}-hint` : undefined}
      {...props}
      className={cn(
        "grid size-4 shrink-0 place-items-center rounded-xs border border-line-control bg-surface text-on-accent shadow-xs transition-colors hover:border-ink-faint disabled:cursor-not-allowed disabled:opacity-50 data-[state=checked]:border-accent data-[state=indeterminate]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:bg-accent",
        label ? "mt-0.5" : className,
      )}
    >
      <Primitive.Indicator className="group">
        <Check aria-hidden="true" strokeWidth={3} className="size-3 group-data-[state=indeterminate]:hidden" />
        <Minus aria-hidden="true" strokeWidth={3} className="hidden size-3 group-data-[state=indeterminate]:block" />
      </Primitive.Indicator>
    </Primitive.Root>
  );
  if (!label) return box;
  return (
    <div className={cn("flex gap-2 pointer-coarse:py-1.5", className)}>
      {box}
      <div className="min-w-0 text-sm">
        <label htmlFor={props.id ?? id}>{label}</label>
        {hint && (
          <p id={`${id}-hint`} className="text-ink-soft text-xs">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
