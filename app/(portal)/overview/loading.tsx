import { Skeleton, SkeletonStats } from "@/components/ui/skeleton";

export default function OverviewLoading() {
  return (
    <div className="mx-auto flex w-full max-w-6xl flex-col gap-6 px-4 py-6 sm:px-6 lg:py-8">
      <div className="flex flex-col gap-2">
        <Skeleton className="h-7 w-32" />
        <Skeleton className="w-40" />
      </div>
      <SkeletonStats label="the overview" />
      <Skeleton className="h-80 w-full rounded-md" />
      <div className="grid gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Skeleton className="h-56 w-full rounded-md" />
        <Skeleton className="h-56 w-full rounded-md" />
      </div>
    </div>
  );
}
