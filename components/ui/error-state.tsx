import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";

interface ErrorStateProps {
  title: string;
  /** What happened, what still works, what to do. */
  children?: ReactNode;
  /** What support needs to find it in the log. */
  requestId?: string | undefined;
  onRetry?: () => void;
  /** Beside the retry: a way out. */
  action?: ReactNode;
  level?: 1 | 2 | 3;
  bare?: boolean;
}

export function ErrorState({ title, children, requestId, onRetry, action, level = 2, bare }: ErrorStateProps) {
  const Heading = `h${level}` as const;
  return (
    <div
      role="alert"
      className={cn(
        "flex flex-col items-center px-6 text-center",
        bare ? "py-8" : "py-12",
        !bare && "rounded-md border border-line bg-surface",
      )}
    >
      <div className="mb-4 grid size-10 place-items-center rounded-md border border-danger-line bg-danger-soft text-danger-ink">
        <CircleAlert aria-hidden="true" className="size-4.5" />
      </div>
      <Heading className="font-medium text-base">{title}</Heading>
      {children && <div className="mt-1 max-w-96 text-balance text-ink-soft text-sm">{children}</div>}
      {(onRetry || action) && (
        <div className="mt-5 flex flex-wrap items-center justify-center gap-3">
          {onRetry && <Button onClick={onRetry}>Try again</Button>}
          {action}
        </div>
      )}
      {requestId && (
        <p className="mt-5 flex max-w-full items-center gap-1 text-ink-faint text-xs">
          <span className="shrink-0">Request id</span>
          <code className="truncate text-ink-soft">{requestId}</code>
          <CopyButton text={requestId} label="Copy request id" iconOnly />
        </p>
      )}
    </div>
  );
}
