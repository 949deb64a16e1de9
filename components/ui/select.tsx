"use client";

import { ChevronsUpDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";
import { useFieldControl } from "@/components/ui/field-control";
import { controlStyle } from "@/components/ui/input";

export interface SelectOption<T extends string> {
  value: T;
  label: string;
  disabled?: boolean;
}

type SelectProps<T extends string> = Omit<ComponentProps<"select">, "value" | "children"> & {
  options: readonly SelectOption<T>[];
  /** Left out where react-hook-form registers the control. */
  value?: T | undefined;
  onValueChange?: (value: T) => void;
  /** Shown until something is chosen. */
  placeholder?: string;
};

/**
 * One of several, by name. The browser's own control: right on phones, for screen readers and without script. Where
 * the browser lets it be styled (`appearance: base-select`), its list looks like our menus.
 */
export function Select<T extends string>(props: SelectProps<T>) {
  const { options, value, onValueChange, placeholder, className, ...rest } = props;
  const wiring = useFieldControl(rest);
  const selection = value === undefined && onValueChange ? "" : value;
  return (
    <span className={cn("relative flex w-full items-center", className)}>
      <select
        {...rest}
        {...wiring}
        {...(selection === undefined ? {} : { value: selection })}
        onChange={(event) => {
          rest.onChange?.(event);
          onValueChange?.(event.target.value as T);
        }}
        className={cn(controlStyle, "portico-select h-8 truncate pr-8 pl-2.5 pointer-coarse:h-11")}
      >
        {placeholder !== undefined && (
          <option value="" disabled hidden>
            {placeholder}
          </option>
        )}
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled ?? false}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronsUpDown aria-hidden="true" className="pointer-events-none absolute right-2.5 size-3.5 text-ink-faint" />
    </span>
  );
}
