import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export type StatusTone = "neutral" | "accent" | "success" | "warning" | "danger";

const dots: Record<StatusTone, string> = {
  neutral: "border border-ink-faint",
  accent: "bg-accent",
  success: "bg-success",
  warning: "bg-warning",
  danger: "bg-danger",
};

/** A state: a dot and a word, so that colour is never the only sign. `neutral` (a ring) means not in use. */
export function StatusChip({ tone, children }: { tone: StatusTone; children: ReactNode }) {
  return (
    <span className="inline-flex shrink-0 items-center gap-2 whitespace-nowrap text-ink text-sm">
      <span aria-hidden="true" className={cn("size-2 shrink-0 rounded-full", dots[tone])} />
      {children}
    </span>
  );
}
