"use client";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SegmentedControl } from "@/components/ui/segmented-control";
import { isCustomRange, ofControlTime, type TrafficFilters, toControlTime } from "@/components/usage/traffic-filters";

type Range = Pick<TrafficFilters, "range" | "from" | "to">;

interface RangeControlProps {
  value: Range;
  onChange: (range: Range) => void;
}

const options = [
  { value: "24h", label: "24 hours" },
  { value: "7d", label: "7 days" },
  { value: "30d", label: "30 days" },
  { value: "custom", label: "Custom" },
] as const;

const hourMs = 3_600_000;
const lengthMs = { "24h": 24 * hourMs, "7d": 168 * hourMs, "30d": 720 * hourMs };

/** Until now from some time back, or from one minute to another. */
export function RangeControl({ value, onChange }: RangeControlProps) {
  const isCustom = isCustomRange(value);
  const choose = (choice: (typeof options)[number]["value"]) => {
    if (choice !== "custom") onChange({ range: choice, from: null, to: null });
    else onChange({ ...value, from: wholeMinute(Date.now() - lengthMs[value.range]), to: null });
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SegmentedControl
        label="Time"
        options={options}
        value={isCustom ? "custom" : value.range}
        onValueChange={choose}
      />
      {isCustom && (
        <div className="flex flex-wrap items-center gap-2">
          <TimeField label="From, UTC" value={value.from} onChange={(from) => onChange({ ...value, from })} />
          <span aria-hidden="true" className="text-ink-faint text-xs">
            to
          </span>
          <TimeField label="To, UTC; now when empty" value={value.to} onChange={(to) => onChange({ ...value, to })} />
          <span className="text-ink-faint text-xs">UTC</span>
        </div>
      )}
    </div>
  );
}

const wholeMinute = (unixMs: number) => new Date(Math.floor(unixMs / 60_000) * 60_000).toISOString();

interface TimeFieldProps {
  label: string;
  value: string | null;
  onChange: (instant: string | null) => void;
}

/** A time is taken when it is complete, on leaving the control: each key pressed inside it gives another year. */
function TimeField({ label, value, onChange }: TimeFieldProps) {
  return (
    <Field label={label} labelHidden className="w-48">
      <Input
        // What the address says replaces what was typed.
        key={value ?? "none"}
        type="datetime-local"
        max="9999-12-31T23:59"
        defaultValue={toControlTime(value)}
        onBlur={(event) => {
          const chosen = ofControlTime(event.target.value);
          if (chosen !== value) onChange(chosen);
        }}
      />
    </Field>
  );
}
