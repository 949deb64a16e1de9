import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";

interface TableProps {
  /** Says what the rows are, to screen readers. */
  caption: string;
  children: ReactNode;
  /** Below the rows, inside the frame: pagination, totals. */
  footer?: ReactNode;
  /** A CSS length. With it the body scrolls under its header. */
  maxHeight?: string;
  /** False where the whole table is hidden from sight: nothing invisible may take focus. */
  focusable?: boolean;
  className?: string;
}

/**
 * A framed table. Too narrow for its columns it scrolls sideways by itself (the page never does) and keeps its first
 * column in view. The frame takes focus, because a keyboard must be able to scroll it.
 */
export function Table({ caption, children, footer, maxHeight, focusable = true, className }: TableProps) {
  return (
    <div className={cn("overflow-hidden rounded-md border border-line bg-surface", className)}>
      <section
        aria-label={caption}
        tabIndex={focusable ? 0 : undefined}
        style={focusable ? { maxHeight } : undefined}
        className={cn("focus-visible:-outline-offset-2", focusable && "overflow-auto")}
      >
        <table className="w-full border-separate border-spacing-0 text-sm tabular-nums">
          <caption className="sr-only">{caption}</caption>
          {children}
        </table>
      </section>
      {footer && <div className="border-line border-t px-4 py-2">{footer}</div>}
    </div>
  );
}

/** Give it `HeaderCell`s; it is the row. */
export function TableHead({ children }: { children: ReactNode }) {
  return (
    <thead>
      <tr>{children}</tr>
    </thead>
  );
}

export function TableBody({ className, ...props }: ComponentProps<"tbody">) {
  return <tbody {...props} className={cn("[&>tr:last-child>*]:border-b-0", className)} />;
}

export function Row({ className, ...props }: ComponentProps<"tr"> & { "data-selected"?: boolean }) {
  return <tr {...props} className={cn("group/row", className)} />;
}

const cellStyle = "h-11 whitespace-nowrap border-line border-b px-3 py-1.5 first:pl-4 last:pr-4";
const rowTint = "group-hover/row:bg-muted group-data-[selected=true]/row:bg-accent-soft";
const stickyFirst = "max-sm:sticky max-sm:left-0 max-sm:z-10 max-sm:max-w-[55vw] max-sm:border-r";

interface HeaderCellProps {
  children: ReactNode;
  numeric?: boolean;
  /** Present on a column that can be sorted. */
  sort?: "ascending" | "descending" | "none";
  onSort?: () => void;
  /** First column: stays in view on a phone. */
  sticky?: boolean;
  /** For a column of buttons or boxes: the words are for screen readers only. */
  hidden?: boolean;
  className?: string;
}

const sortIcons = { ascending: ArrowUp, descending: ArrowDown, none: ChevronsUpDown };

export function HeaderCell({ children, numeric, sort, onSort, sticky, hidden, className }: HeaderCellProps) {
  const Icon = sortIcons[sort ?? "none"];
  return (
    <th
      scope="col"
      aria-sort={sort}
      className={cn(
        "sticky top-0 z-10 h-9 whitespace-nowrap border-line border-b bg-canvas px-3 text-left font-medium text-ink-soft text-xs first:pl-4 last:pr-4",
        numeric && "text-right",
        sticky && "max-sm:left-0 max-sm:z-20 max-sm:border-r",
        className,
      )}
    >
      {sort && onSort ? (
        <button
          type="button"
          onClick={onSort}
          className="-mx-1 inline-flex h-6 items-center gap-1 rounded-xs px-1 hover:text-ink"
        >
          {children}
          <Icon aria-hidden="true" className={cn("size-3", sort === "none" && "opacity-50")} />
        </button>
      ) : (
        <span className={cn(hidden && "sr-only")}>{children}</span>
      )}
    </th>
  );
}

/** The cell that names its row; the first column of a table of things. */
export function RowHeader({ className, ...props }: ComponentProps<"th">) {
  return (
    <th
      scope="row"
      {...props}
      className={cn(cellStyle, stickyFirst, rowTint, "bg-surface text-left font-medium text-ink", className)}
    />
  );
}

/** For cells a phone leaves out: it shows them below the row's name, or on the thing's own page. */
export const fromTablet = "max-sm:hidden";
export const fromDesktop = "max-xl:hidden";

/** The name of a row. On a phone it takes the width of the table and shows what matters most below, instead of scrolling. */
export function NameCell({ children, below }: { children: ReactNode; below?: ReactNode }) {
  return (
    <RowHeader className="max-sm:static max-sm:w-full max-sm:max-w-0 max-sm:border-r-0 max-sm:py-2">
      <span className="block sm:max-w-44 xl:max-w-60">{children}</span>
      {below && (
        <span className="mt-0.5 flex items-center gap-2 font-normal text-ink-soft text-xs sm:hidden">{below}</span>
      )}
    </RowHeader>
  );
}

export function Cell({
  numeric,
  mono,
  className,
  ...props
}: ComponentProps<"td"> & { numeric?: boolean; mono?: boolean }) {
  return (
    <td
      {...props}
      className={cn(
        cellStyle,
        rowTint,
        "text-ink-soft",
        numeric && "text-right text-ink",
        mono && "font-mono text-xs",
        className,
      )}
    />
  );
}

/** Last column: buttons that act on the row. */
export function ActionsCell({ children }: { children: ReactNode }) {
  return (
    <td className={cn(cellStyle, rowTint, "w-0 py-0 text-right")}>
      <div className="flex items-center justify-end gap-1">{children}</div>
    </td>
  );
}
