"use client";

import { CircleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";
import { cn } from "@/components/ui/cn";
import { FieldControlContext } from "@/components/ui/field-control";
import { Label } from "@/components/ui/label";

interface FieldProps {
  label: string;
  /** One control of components/ui; it finds its id and descriptions by context. */
  children: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  required?: boolean;
  /** Says "Optional" beside the label. */
  optional?: boolean;
  /** At the right end of the label's line, for example "Forgot password?". */
  aside?: ReactNode;
  /** The label exists for screen readers only. */
  labelHidden?: boolean;
  className?: string;
}

/** Label, control, hint and error, tied together by `aria-describedby` and `aria-invalid`. */
export function Field({ label, children, hint, error, required, optional, aside, labelHidden, className }: FieldProps) {
  const id = useId();
  const hintId = hint ? `${id}-hint` : undefined;
  const errorId = error ? `${id}-error` : undefined;
  const describedBy = [errorId, hintId].filter(Boolean).join(" ") || undefined;

  return (
    <FieldControlContext value={{ id, describedBy, isInvalid: Boolean(error), isRequired: Boolean(required) }}>
      <div className={cn("flex min-w-0 flex-col gap-1.5", className)}>
        <div className={cn("flex items-baseline justify-between gap-4", labelHidden && "sr-only")}>
          <Label htmlFor={id}>
            {label}
            {optional && <span className="ml-1.5 font-normal text-ink-faint">Optional</span>}
          </Label>
          {aside && <span className="text-xs">{aside}</span>}
        </div>
        {children}
        {error && (
          <p id={errorId} className="flex items-start gap-1.5 text-danger-ink text-xs">
            <CircleAlert aria-hidden="true" className="mt-0.5 size-3 shrink-0" />
            {error}
          </p>
        )}
        {hint && (
          <p id={hintId} className="text-ink-soft text-xs">
            {hint}
          </p>
        )}
      </div>
    </FieldControlContext>
  );
}
