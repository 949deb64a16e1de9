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

interface Wired {
  label: string;
  error: string | undefined;
  registered: UseFormRegisterReturn;
}

interface LimitRowProps {
  /** Its place, from 1. */
  number: number;
  limit: LimitValues;
  control: (part: LimitPart) => Wired;
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
  const name = `Limit ${number}`;
  return (
    <fieldset aria-label={name} className="rounded-md border border-line">
      <div className="flex items-center justify-between gap-2 border-line border-b bg-canvas py-0.5 pr-1 pl-3 text-ink-soft text-xs">
        {name}
        <IconButton label={`Remove limit ${number}`} size="sm" icon={<X aria-hidden="true" />} onClick={onRemove} />
      </div>
      {limit.kept ? (
        <p className="px-3 py-2.5 text-sm">{limitText(limit.kept)}</p>
      ) : (
        <LimitParts windowSeconds={Number(limit.window_seconds)} control={control} />
      )}
    </fieldset>
  );
}

function LimitParts({ windowSeconds, control }: { windowSeconds: number } & Pick<LimitRowProps, "control">) {
  const seconds = windows.includes(windowSeconds) ? windows : [...windows, windowSeconds];
  const { registered: calls, ...callsField } = control("limit");
  const { registered: per, ...perField } = control("window_seconds");
  const { registered: burst, ...burstField } = control("burst");
  const { registered: algorithm, ...algorithmField } = control("algorithm");
  return (
    <div className="grid grid-cols-2 gap-3 p-3">
      <Field {...callsField}>
        <Input inputMode="numeric" placeholder="1000" {...calls} />
      </Field>
      <Field {...perField}>
        <Select options={seconds.map((length) => ({ value: String(length), label: windowName(length) }))} {...per} />
      </Field>
      <Field {...burstField} optional>
        <Input inputMode="numeric" placeholder="In any one second" {...burst} />
      </Field>
      <Field {...algorithmField}>
        <Select options={algorithms} {...algorithm} />
      </Field>
    </div>
  );
}
