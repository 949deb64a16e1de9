"use client";

import type { ReactNode } from "react";
import { type Control, Controller, type FieldValues, type Path } from "react-hook-form";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { TagInput } from "@/components/ui/tag-input";

interface ControlledFieldProps<V extends FieldValues> {
  control: Control<V>;
  /** A member of the form that holds a list of texts, or a boolean. */
  name: Path<V>;
  hint?: ReactNode;
}

interface TagFieldProps<V extends FieldValues> extends ControlledFieldProps<V> {
  label: string;
  error: string | undefined;
  placeholder?: string;
  required?: boolean;
  optional?: boolean;
}

/** A `Field` around a list of short texts. */
export function TagField<V extends FieldValues>({ control, name, placeholder, ...field }: TagFieldProps<V>) {
  return (
    <Controller
      control={control}
      name={name}
      render={({ field: { value, onChange, onBlur, ref } }) => (
        <Field {...field}>
          <TagInput
            ref={ref}
            value={value as readonly string[]}
            onChange={onChange}
            onBlur={onBlur}
            {...(placeholder === undefined ? {} : { placeholder })}
          />
        </Field>
      )}
    />
  );
}

interface CheckFieldProps<V extends FieldValues> extends ControlledFieldProps<V> {
  label: ReactNode;
  error?: string | undefined;
  disabled?: boolean;
}

export function CheckField<V extends FieldValues>({ control, name, label, hint, error, disabled }: CheckFieldProps<V>) {
  return (
    <Controller
      control={control}
      name={name}
      render={({ field: { value, onChange, ref } }) => (
        <div>
          <Checkbox
            ref={ref}
            label={label}
            hint={hint}
            checked={value as boolean}
            onCheckedChange={onChange}
            disabled={disabled ?? false}
          />
          {error && <p className="pl-6 text-danger-ink text-xs">{error}</p>}
        </div>
      )}
    />
  );
}
