"use client";

import { X } from "lucide-react";
import type { UseFormRegisterReturn } from "react-hook-form";
import { limitText, windowName } from "@/components/keys/key-facts";
import type { LimitValues } from "@/components/policies/policy-form";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";

type LimitPart = "limit" | "window_seconds" | "burst" | "algorithm";

interface LimitRowProps {
  /** Its place, from 1: names its remove button. */
  number: number;
  limit: LimitValues;
  control: (part: LimitPart) => { label: string; error: string | undefined; registered: UseFormRegisterReturn };
  onRemove: () => void;
}

const algorithms = [
  { value: "sliding_window", label: "Sliding window" },
  { value: "fixed_window", label: "Fixed window" },
  { value: "token_bucket", label: "Token bucket" },
];
const windows = [1, 60, 3600, 86_400];

/** One limit: how many calls, in which time, in which way. */
export function LimitRow({ number, limit, control, onRemove }: LimitRowProps) {
  const remove = (
    <IconButton label={`Remove limit ${number}`} size="sm" icon={<X aria-hidden="true" />} onClick={onRemove} />
  );
  if (limit.kept) {
    return (
      <div className="flex items-center justify-between gap-2 rounded-md border border-line px-3 py-2 text-sm">
        {limitText(limit.kept)}
        {remove}
      </div>
    );
  }
  const chosen = Number(limit.window_seconds);
  const seconds = windows.includes(chosen) ? windows : [...windows, chosen];
  const [calls, per, burst, algorithm] = (["limit", "window_seconds", "burst", "algorithm"] as const).map((part) => {
    const { registered, ...field } = control(part);
    return { registered, field };
  }) as [Wired, Wired, Wired, Wired];
  return (
    <div className="grid grid-cols-2 gap-3 rounded-md border border-line p-3">
      <Field {...calls.field}>
        <Input inputMode="numeric" placeholder="1000" {...calls.registered} />
      </Field>
      <Field {...per.field}>
        <Select
          options={seconds.map((length) => ({ value: String(length), label: windowName(length) }))}
          {...per.registered}
        />
      </Field>
      <Field {...burst.field} optional>
        <Input inputMode="numeric" placeholder="In any one second" {...burst.registered} />
      </Field>
      <Field {...algorithm.field} aside={remove}>
        <Select options={algorithms} {...algorithm.registered} />
      </Field>
    </div>
  );
}

interface Wired {
  registered: UseFormRegisterReturn;
  field: { label: string; error: string | undefined };
}
