import { SkeletonDetailPage } from "@/components/layout/skeleton-page";

export default function ServiceLoading() {
  return <SkeletonDetailPage label="service" columns={4} />;
}
