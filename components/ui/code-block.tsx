import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";

interface CodeBlockProps {
  /** What the copy button copies, and what is shown unless `children` are given. */
  code: string;
  /** A file name or a language: "Shell". Also names the scrollable region. */
  label: string;
  /** A rendering of `code`: masked, or marked up on the server. */
  children?: ReactNode;
  /** More buttons beside copy. */
  actions?: ReactNode;
  /** Breaks long lines instead of scrolling: for one long line. */
  wrap?: boolean;
  className?: string;
}

export function CodeBlock({ code, label, children, actions, wrap, className }: CodeBlockProps) {
  return (
    <figure className={cn("min-w-0 overflow-hidden rounded-md border border-line bg-surface", className)}>
      <figcaption className="flex h-9 items-center justify-between gap-2 border-line border-b bg-canvas pr-1 pl-4 text-ink-soft text-xs pointer-coarse:h-11">
        <span className="truncate">{label}</span>
        <span className="flex items-center gap-1">
          {actions}
          <CopyButton text={code} label={`Copy ${label}`} iconOnly />
        </span>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard (WCAG 2.1.1). */}
      <section aria-label={label} tabIndex={0} className="overflow-x-auto focus-visible:-outline-offset-2">
        <pre className={cn("w-fit min-w-full p-4 text-sm leading-5", wrap && "w-auto whitespace-pre-wrap break-all")}>
          <code>{children ?? code}</code>
        </pre>
      </section>
    </figure>
  );
}
