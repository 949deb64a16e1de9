import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { SearchParams } from "nuqs/server";
import { cache } from "react";
import * as contract from "#lib/gateways/contract";
import { getGateway } from "#lib/gateways/get-gateway";
import { readOrNotFound } from "#lib/http/read-or-not-found";
import * as policies from "#lib/policies/contract";
import { listPolicies } from "#lib/policies/list-policies";
import * as routes from "#lib/routes/contract";
import { listRoutes } from "#lib/routes/list-routes";
import { GatewayDetail } from "@/components/gateways/gateway-detail";
import { gatewayQuery } from "@/components/gateways/gateways.queries";
import { policiesQuery } from "@/components/policies/policies.queries";
import { listQueryOf, loadListFilters } from "@/components/portal/list-filters";
import { routesQuery } from "@/components/routes/routes.queries";

interface GatewayPageProps {
  params: Promise<{ gateway_id: string }>;
  searchParams: Promise<SearchParams>;
}

const pathOf = (gatewayId: string) => `/operator/gateways/${gatewayId}`;

/** Read once for the page and its title. */
const readGateway = cache(async (gatewayId: string) => {
  if (!contract.getGateway.params.safeParse({ gateway_id: gatewayId }).success) notFound();
  const read = readOrNotFound(contract.getGateway, pathOf(gatewayId), (ctx) => getGateway(ctx, gatewayId));
  return (await read) ?? notFound();
});

export async function generateMetadata({ params }: Pick<GatewayPageProps, "params">): Promise<Metadata> {
  const gateway = await readGateway((await params).gateway_id);
  return { title: gateway.name };
}

export default async function GatewayPage({ params, searchParams }: GatewayPageProps) {
  const gateway = await readGateway((await params).gateway_id);
  const filters = await loadListFilters(searchParams);
  const client = new QueryClient();
  client.setQueryData(gatewayQuery(gateway.id).queryKey, gateway);
  const path = pathOf(gateway.id);
  const listed = await readOrNotFound(routes.listRoutes, path, (ctx) =>
    listRoutes(ctx, gateway.id, listQueryOf(filters)),
  );
  if (listed) client.setQueryData(routesQuery(gateway.id, filters).queryKey, listed);
  const shared = await readOrNotFound(policies.listPolicies, path, (ctx) => listPolicies(ctx, { limit: 200 }));
  if (shared) client.setQueryData(policiesQuery.queryKey, shared);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <GatewayDetail gatewayId={gateway.id} />
    </HydrationBoundary>
  );
}
