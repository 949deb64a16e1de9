import { SkeletonDetailPage } from "@/components/layout/skeleton-page";

export default function GatewayLoading() {
  return <SkeletonDetailPage label="gateway" columns={5} />;
}
