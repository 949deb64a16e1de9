"use client";

import { Check, Circle } from "lucide-react";
import type { ComponentProps } from "react";
import { passwordLengthMin } from "#lib/identity/contract";
import { Field } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/password-input";

interface NewPasswordFieldProps extends ComponentProps<typeof PasswordInput> {
  label: string;
  error: string | undefined;
  /** What was typed so far. */
  typed: string;
}

/** A password being chosen, with the rules beside it while it is typed. An error takes their place: nothing moves. */
export function NewPasswordField({ label, error, typed, ...input }: NewPasswordFieldProps) {
  return (
    <Field label={label} error={error} required hint={error ? undefined : <PasswordRules length={[...typed].length} />}>
      <PasswordInput {...input} autoComplete="new-password" />
    </Field>
  );
}

function PasswordRules({ length }: { length: number }) {
  const isLongEnough = length >= passwordLengthMin;
  const Icon = isLongEnough ? Check : Circle;
  const soFar = length === 0 || isLongEnough ? "" : `, ${passwordLengthMin - length} to go`;
  return (
    <span className="flex items-start gap-1.5">
      <Icon
        aria-hidden="true"
        className={`mt-0.5 size-3 shrink-0 ${isLongEnough ? "text-success-ink" : "text-ink-faint"}`}
      />
      <span className="tabular-nums">
        {isLongEnough ? "Long enough. Nothing common, please." : `At least ${passwordLengthMin} characters${soFar}`}
      </span>
    </span>
  );
}
