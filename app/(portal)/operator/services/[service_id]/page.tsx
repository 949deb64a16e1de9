import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { readOrNotFound } from "#lib/http/read-or-not-found";
import * as contract from "#lib/services/contract";
import { getService } from "#lib/services/get-service";
import { ServiceDetail } from "@/components/services/service-detail";
import { serviceQuery } from "@/components/services/services.queries";

interface ServicePageProps {
  params: Promise<{ service_id: string }>;
}

/** Read once for the page and its title. */
const readService = cache(async (serviceId: string) => {
  if (!contract.getService.params.safeParse({ service_id: serviceId }).success) notFound();
  const path = `/operator/services/${serviceId}`;
  return (await readOrNotFound(contract.getService, path, (ctx) => getService(ctx, serviceId))) ?? notFound();
});

export async function generateMetadata({ params }: ServicePageProps): Promise<Metadata> {
  const service = await readService((await params).service_id);
  return { title: service.display_name };
}

export default async function ServicePage({ params }: ServicePageProps) {
  const service = await readService((await params).service_id);
  const client = new QueryClient();
  client.setQueryData(serviceQuery(service.id).queryKey, service);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ServiceDetail serviceId={service.id} />
    </HydrationBoundary>
  );
}
