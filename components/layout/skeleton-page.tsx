import { Skeleton, SkeletonTable } from "@/components/ui/skeleton";

const frame = "mx-auto flex w-full max-w-6xl flex-col gap-6 px-4 py-6 sm:px-6 lg:py-8";

/** Shaped like a `Page` with a searched list. */
export function SkeletonListPage({ label, columns }: { label: string; columns: number }) {
  return (
    <div className={frame}>
      <div className="flex items-start justify-between gap-4">
        <div className="flex flex-col gap-2">
          <Skeleton className="h-7 w-28" />
          <Skeleton className="w-72 max-w-full" />
        </div>
        <Skeleton className="h-8 w-32 rounded-sm" />
      </div>
      <div className="flex flex-col gap-4">
        <Skeleton className="h-8 w-72 max-w-full rounded-sm" />
        <SkeletonTable columns={columns} label={label} />
      </div>
    </div>
  );
}

/** Shaped like a `Page` about one thing: its name and buttons, a table, its facts. */
export function SkeletonDetailPage({ label, columns }: { label: string; columns: number }) {
  return (
    <div className={frame}>
      <div className="flex items-start justify-between gap-4">
        <div className="flex flex-col gap-2">
          <Skeleton className="w-20" />
          <Skeleton className="h-7 w-56 max-w-full" />
        </div>
        <Skeleton className="h-8 w-28 rounded-sm" />
      </div>
      <div className="flex flex-col gap-3">
        <Skeleton className="h-6 w-24" />
        <SkeletonTable columns={columns} rows={3} label={label} />
      </div>
      <Skeleton className="h-72 w-full rounded-md" />
    </div>
  );
}
