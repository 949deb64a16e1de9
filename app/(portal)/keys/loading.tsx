import { Skeleton, SkeletonTable } from "@/components/ui/skeleton";

export default function ApiKeysLoading() {
  return (
    <div className="mx-auto flex w-full max-w-6xl flex-col gap-6 px-4 py-6 sm:px-6 lg:py-8">
      <div className="flex items-start justify-between gap-4">
        <div className="flex flex-col gap-2">
          <Skeleton className="h-7 w-28" />
          <Skeleton className="w-72 max-w-full" />
        </div>
        <Skeleton className="h-8 w-28 rounded-sm" />
      </div>
      <div className="flex flex-col gap-4">
        <div className="flex gap-2">
          <Skeleton className="h-8 w-72 rounded-sm" />
          <Skeleton className="h-8 w-36 rounded-sm" />
        </div>
        <SkeletonTable columns={6} label="API keys" />
      </div>
    </div>
  );
}
