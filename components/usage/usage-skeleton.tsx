import { Skeleton, SkeletonStats } from "@/components/ui/skeleton";

/** Shaped like the figures and the four charts. */
export function UsageSkeleton() {
  return (
    <div className="flex flex-col gap-6">
      <SkeletonStats label="the figures" />
      <div className="grid gap-6 lg:grid-cols-2">
        {["Requests", "Errors", "Latency", "Bytes"].map((chart) => (
          <Skeleton key={chart} className="h-92 w-full rounded-md" />
        ))}
      </div>
    </div>
  );
}
