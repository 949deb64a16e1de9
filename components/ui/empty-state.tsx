import { Inbox, Lock, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

const icons = { "nothing-yet": Inbox, "no-match": SearchX, "no-permission": Lock };

interface EmptyStateProps {
  /**
   * `nothing-yet`: there never was one, so the action creates it. `no-match`: the filter finds nothing, so the action
   * clears it. `no-permission`: says who can help.
   */
  kind: keyof typeof icons;
  title: string;
  children?: ReactNode;
  /** One button, and perhaps a link to read more. */
  action?: ReactNode;
  icon?: ReactNode;
  level?: 2 | 3;
  /** Without a frame, inside a card. */
  bare?: boolean;
}

export function EmptyState({ kind, title, children, action, icon, level = 2, bare }: EmptyStateProps) {
  const Icon = icons[kind];
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <div
      className={cn(
        "flex flex-col items-center px-6 text-center",
        bare ? "py-8" : "py-12",
        !bare && "rounded-md border border-line-strong border-dashed bg-surface",
      )}
    >
      <div className="mb-4 grid size-10 place-items-center rounded-md border border-line bg-raised text-ink-faint shadow-xs [&_svg]:size-4.5">
        {icon ?? <Icon aria-hidden="true" />}
      </div>
      <Heading className="font-medium text-base">{title}</Heading>
      {children && <div className="mt-1 max-w-96 text-balance text-ink-soft text-sm">{children}</div>}
      {action && <div className="mt-5 flex flex-wrap items-center justify-center gap-3">{action}</div>}
    </div>
  );
}
