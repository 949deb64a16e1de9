import { cn } from "@/components/ui/cn";

/** A grey bar where something will be. Appears after 150 ms: what is quicker needs no skeleton. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={cn("h-4 animate-appear rounded-xs bg-muted-strong", className)} />;
}

/** Widths that look like words rather than like a wall. */
const widths = ["w-28", "w-40", "w-16", "w-20", "w-24", "w-14", "w-32"];

/** Shaped like `Table`, so nothing moves when the rows arrive. */
export function SkeletonTable({ columns, rows = 5, label }: { columns: number; rows?: number; label: string }) {
  return (
    <div role="status" className="animate-appear overflow-hidden rounded-md border border-line bg-surface">
      <span className="sr-only">Loading {label}</span>
      <div className="h-9 border-line border-b bg-canvas" />
      {Array.from({ length: rows }, (_, row) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all alike and never move.
          key={row}
          className="flex h-11 items-center gap-6 border-line border-b px-4 last:border-b-0"
        >
          {Array.from({ length: columns }, (_, column) => (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: as above.
              key={column}
              className="min-w-0 grow basis-0"
            >
              <div
                className={cn("h-3 max-w-full rounded-xs bg-muted-strong", widths[(row + column) % widths.length])}
              />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

/** Shaped like `StatGrid`. */
export function SkeletonStats({ count = 4, label }: { count?: number; label: string }) {
  return (
    <div
      role="status"
      className="grid animate-appear grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line lg:grid-cols-[repeat(auto-fit,minmax(0,1fr))]"
    >
      <span className="sr-only">Loading {label}</span>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the boxes are all alike and never move.
        <div key={index} className="flex flex-col gap-3 bg-surface p-4">
          <div className="h-3 w-20 rounded-xs bg-muted-strong" />
          <div className="h-6 w-28 rounded-xs bg-muted-strong" />
        </div>
      ))}
    </div>
  );
}
