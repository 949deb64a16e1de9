import { ChevronLeft, ChevronRight } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";

/** Where a turn leads: an address, or a function that puts the cursor into the URL. Null at the end. */
export type PageTurn = string | (() => void) | null;

interface PaginationProps {
  /** What is paged, for screen readers: "API keys". */
  label: string;
  previous: PageTurn;
  next: PageTurn;
  /** At the left: "50 of 1,204". */
  children?: ReactNode;
}

/** Cursor paging: there is a next page or there is none. */
export function Pagination({ label, previous, next, children }: PaginationProps) {
  return (
    <nav aria-label={`${label}, pages`} className="flex items-center justify-between gap-4">
      <p className="text-ink-soft text-xs tabular-nums">{children}</p>
      <div className="flex gap-2">
        <TurnButton to={previous}>
          <ChevronLeft aria-hidden="true" />
          Previous
        </TurnButton>
        <TurnButton to={next}>
          Next
          <ChevronRight aria-hidden="true" />
        </TurnButton>
      </div>
    </nav>
  );
}

function TurnButton({ to, children }: { to: PageTurn; children: ReactNode }) {
  if (typeof to === "string") {
    return (
      <Button asChild size="sm">
        <Link href={to}>{children}</Link>
      </Button>
    );
  }
  return (
    <Button size="sm" disabled={to === null} {...(to ? { onClick: to } : {})}>
      {children}
    </Button>
  );
}
