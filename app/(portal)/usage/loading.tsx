import { Skeleton } from "@/components/ui/skeleton";
import { UsageSkeleton } from "@/components/usage/usage-skeleton";

export default function UsageLoading() {
  return (
    <div className="mx-auto flex w-full max-w-6xl flex-col gap-6 px-4 py-6 sm:px-6 lg:py-8">
      <div className="flex items-start justify-between gap-4">
        <div className="flex flex-col gap-2">
          <Skeleton className="h-7 w-24" />
          <Skeleton className="w-72 max-w-full" />
        </div>
        <Skeleton className="h-8 w-28 rounded-sm" />
      </div>
      <div className="flex flex-col gap-3">
        <Skeleton className="h-8 w-72 max-w-full rounded-sm" />
        <div className="grid grid-cols-2 gap-2 sm:flex">
          <Skeleton className="h-8 rounded-sm sm:w-44" />
          <Skeleton className="h-8 rounded-sm sm:w-38" />
          <Skeleton className="h-8 rounded-sm sm:w-38" />
          <Skeleton className="h-8 rounded-sm sm:w-38" />
        </div>
      </div>
      <UsageSkeleton />
    </div>
  );
}
