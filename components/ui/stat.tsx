import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

/** A line of figures with hairlines between them; two columns on a phone. */
export function StatGrid({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <dl
      className={cn(
        "grid grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line lg:grid-cols-[repeat(auto-fit,minmax(0,1fr))]",
        className,
      )}
    >
      {children}
    </dl>
  );
}

interface StatProps {
  label: string;
  /** Already formatted: "12,480". */
  value: ReactNode;
  unit?: string;
  /** A line below: what it is compared with, or until when. */
  hint?: ReactNode;
  /** A sparkline or meter. */
  children?: ReactNode;
}

export function Stat({ label, value, unit, hint, children }: StatProps) {
  return (
    <div className="flex min-w-0 flex-col gap-1 bg-surface p-4">
      <dt className="truncate text-ink-soft text-xs">{label}</dt>
      <dd className="flex flex-col gap-2">
        <span className="flex flex-wrap items-baseline gap-x-1.5">
          <span className="font-semibold text-xl tabular-nums tracking-tight">{value}</span>
          {unit && <span className="text-ink-soft text-sm">{unit}</span>}
        </span>
        {children}
        {hint && <span className="text-ink-soft text-xs">{hint}</span>}
      </dd>
    </div>
  );
}
