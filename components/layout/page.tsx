import type { ReactNode } from "react";
import { Breadcrumb } from "@/components/layout/breadcrumb";
import { cn } from "@/components/ui/cn";

const widths = { narrow: "max-w-3xl", default: "max-w-6xl", wide: "max-w-none" };

interface PageProps {
  title: ReactNode;
  description?: ReactNode;
  /** Buttons; the one primary last. */
  actions?: ReactNode;
  /** Parents of the page, nearest last. */
  parents?: readonly { label: string; href: string }[];
  /** Beside the title: a status. */
  status?: ReactNode;
  width?: keyof typeof widths;
  children: ReactNode;
}

/** A signed-in page: its one `h1`, its actions and its content. Stands inside `AppShell`, which owns `<main>`. */
export function Page({ title, description, actions, parents, status, width = "default", children }: PageProps) {
  return (
    <div className={cn("mx-auto flex w-full flex-col gap-6 px-4 py-6 sm:px-6 lg:py-8", widths[width])}>
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
        <div className="flex min-w-0 flex-1 basis-44 flex-col gap-1">
          {parents && <Breadcrumb trail={parents} />}
          <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
            <h1 dir="auto" className="min-w-0 font-semibold text-xl tracking-tight">
              {title}
            </h1>
            {status}
          </div>
          {description && <p className="max-w-prose text-ink-soft text-sm">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
