import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";

/** A framed group. Give it `CardHeader`, `CardBody`, `CardFooter`, or a table without a frame of its own. */
export function Card({ className, ...props }: ComponentProps<"section">) {
  return (
    <section {...props} className={cn("min-w-0 overflow-hidden rounded-md border border-line bg-surface", className)} />
  );
}

interface CardHeaderProps {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** The level in the page's outline; 2 below the page's title. */
  level?: 2 | 3;
}

export function CardHeader({ title, description, actions, level = 2 }: CardHeaderProps) {
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-line border-b px-4 py-3">
      <div className="min-w-0">
        <Heading className="font-medium text-base">{title}</Heading>
        {description && <p className="text-ink-soft text-xs">{description}</p>}
      </div>
      {actions && <div className="flex items-center gap-2">{actions}</div>}
    </header>
  );
}

export function CardBody({ className, ...props }: ComponentProps<"div">) {
  return <div {...props} className={cn("p-4", className)} />;
}

export function CardFooter({ className, ...props }: ComponentProps<"footer">) {
  return (
    <footer
      {...props}
      className={cn(
        "flex flex-wrap items-center justify-between gap-2 border-line border-t bg-canvas px-4 py-2.5 text-ink-soft text-xs",
        className,
      )}
    />
  );
}

/** Name and value pairs of one thing. Rows wrap below 640 px. */
export function FactList({ facts }: { facts: readonly { label: string; value: ReactNode }[] }) {
  return (
    <dl className="text-sm">
      {facts.map((fact) => (
        <div
          key={fact.label}
          className="flex flex-col gap-x-4 border-line border-t px-4 py-2 first:border-t-0 sm:flex-row sm:items-baseline"
        >
          <dt className="w-40 shrink-0 text-ink-soft">{fact.label}</dt>
          <dd className="min-w-0 break-words tabular-nums">{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
