import { SkeletonListPage } from "@/components/layout/skeleton-page";

export default function PartnersLoading() {
  return <SkeletonListPage label="partners" columns={6} />;
}
