"use client";

import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

const tones = {
  neutral: { Icon: Info, box: "border-line bg-muted", icon: "text-ink-faint" },
  accent: { Icon: Info, box: "border-accent-line bg-accent-soft", icon: "text-accent-ink" },
  success: { Icon: CircleCheck, box: "border-success-line bg-success-soft", icon: "text-success-ink" },
  warning: { Icon: TriangleAlert, box: "border-warning-line bg-warning-soft", icon: "text-warning-ink" },
  danger: { Icon: CircleAlert, box: "border-danger-line bg-danger-soft", icon: "text-danger-ink" },
};

/** Said below the fold of a dialog on a phone, it would not be seen. */
const bringIntoView = (box: HTMLElement | null) => box?.scrollIntoView({ block: "nearest" });

interface CalloutProps {
  tone?: keyof typeof tones;
  title?: string;
  children?: ReactNode;
  action?: ReactNode;
  /** Read out and brought into view when it appears: for what happened after the page was there, such as a failed form. */
  live?: boolean;
  className?: string;
}

/** Something to know, in place. */
export function Callout({ tone = "neutral", title, children, action, live, className }: CalloutProps) {
  const { Icon, box, icon } = tones[tone];
  return (
    <div
      ref={live ? bringIntoView : undefined}
      role={live ? "alert" : undefined}
      className={cn("flex flex-wrap items-start gap-x-3 gap-y-2 rounded-sm border px-3 py-2.5 text-sm", box, className)}
    >
      <div className="flex min-w-0 flex-1 basis-60 gap-2.5">
        <Icon aria-hidden="true" className={cn("mt-0.5 size-4 shrink-0", icon)} />
        <div className="min-w-0 break-words">
          {title && <p className="font-medium text-ink">{title}</p>}
          {children && <div className={cn(title ? "text-ink-soft" : "text-ink")}>{children}</div>}
        </div>
      </div>
      {action}
    </div>
  );
}
