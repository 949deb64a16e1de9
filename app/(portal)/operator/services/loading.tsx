import { SkeletonListPage } from "@/components/layout/skeleton-page";

export default function ServicesLoading() {
  return <SkeletonListPage label="services" columns={5} />;
}
