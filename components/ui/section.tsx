import type { ReactNode } from "react";

interface SectionProps {
  title: string;
  description?: ReactNode;
  /** At the right of the title. */
  actions?: ReactNode;
  /** A table with its own frame. */
  children: ReactNode;
}

/** A part of a page with a heading of its own, around something that is framed already. Else, use a `Card`. */
export function Section({ title, description, actions, children }: SectionProps) {
  return (
    <section className="flex min-w-0 flex-col gap-3">
      <header className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="font-medium text-lg tracking-tight">{title}</h2>
          {description && <p className="text-ink-soft text-sm">{description}</p>}
        </div>
        {actions}
      </header>
      {children}
    </section>
  );
}
