"use client";

import { Switch as Primitive } from "radix-ui";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "@/components/ui/cn";

export type SwitchProps = Omit<ComponentProps<typeof Primitive.Root>, "children"> & {
  label: ReactNode;
  hint?: ReactNode;
  /** The label exists for screen readers only (in a table cell). */
  labelHidden?: boolean;
};

/** Something that is on or off and takes effect at once. In a form that is sent later, use a checkbox. */
export function Switch({ label, hint, labelHidden, className, ...props }: SwitchProps) {
  const id = useId();
  return (
    <div className={cn("flex items-start justify-between gap-4", className)}>
      <div className={cn("min-w-0 text-sm", labelHidden && "sr-only")}>
        <label htmlFor={props.id ?? id} className="font-medium">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="text-ink-soft text-xs">
            {hint}
          </p>
        )}
      </div>
      <Primitive.Root
        id={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        {...props}
        className="relative h-5 w-9 shrink-0 rounded-full bg-line-control transition-colors disabled:cursor-not-allowed disabled:opacity-50 data-[state=checked]:bg-accent"
      >
        <Primitive.Thumb className="block size-4 translate-x-0.5 rounded-full bg-on-accent shadow-sm transition-transform data-[state=checked]:translate-x-4.5" />
      </Primitive.Root>
    </div>
  );
}
