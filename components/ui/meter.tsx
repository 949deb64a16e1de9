import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

const warningShare = 0.8;

interface MeterProps {
  /** What is used: "Per minute". */
  label: string;
  used: number;
  limit: number;
  /** "requests". Read out with the numbers. */
  unit: string;
  /** At the right below the bar, for example when it resets. */
  hint?: ReactNode;
}

const wholeNumber = new Intl.NumberFormat("en");

/** How much of a limit is used. Amber from 80 %, red when nothing is left. */
export function Meter({ label, used, limit, unit, hint }: MeterProps) {
  const share = limit > 0 ? Math.min(used / limit, 1) : 1;
  const numbers = `${wholeNumber.format(used)} of ${wholeNumber.format(limit)}`;
  return (
    <div className="flex min-w-0 flex-col gap-1.5 text-sm">
      <div className="flex items-baseline justify-between gap-4">
        <span className="truncate font-medium">{label}</span>
        <span className="whitespace-nowrap text-ink-soft text-xs tabular-nums">
          {numbers} {unit}
        </span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: browsers do not let one style <meter> alike. */}
      <div
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={limit}
        aria-valuenow={Math.min(used, limit)}
        aria-valuetext={`${numbers} ${unit}`}
        className="h-1.5 overflow-hidden rounded-full bg-muted-strong"
      >
        <div
          style={{ width: `${share * 100}%` }}
          className={cn(
            "h-full rounded-full transition-[width] duration-300",
            share >= 1 ? "bg-danger" : share >= warningShare ? "bg-warning" : "bg-accent",
          )}
        />
      </div>
      {hint && <p className="text-ink-soft text-xs">{hint}</p>}
    </div>
  );
}
