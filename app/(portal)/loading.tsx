import { Skeleton } from "@/components/ui/skeleton";

/** For pages without a skeleton of their own. */
export default function PortalLoading() {
  return (
    <div role="status" className="mx-auto flex w-full max-w-6xl flex-col gap-6 px-4 py-6 sm:px-6 lg:py-8">
      <span className="sr-only">Loading the page</span>
      <Skeleton className="h-7 w-48" />
      <Skeleton className="h-40 w-full rounded-md" />
      <Skeleton className="h-40 w-full rounded-md" />
    </div>
  );
}
