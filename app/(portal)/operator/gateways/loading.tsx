import { SkeletonListPage } from "@/components/layout/skeleton-page";

export default function GatewaysLoading() {
  return <SkeletonListPage label="gateways" columns={5} />;
}
