import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { isAppError } from "#lib/core/errors";
import { readPage } from "#lib/http/page-context";
import * as contract from "#lib/keys/contract";
import { getApiKey } from "#lib/keys/get-api-key";
import { getRateLimit } from "#lib/keys/get-rate-limit";
import * as limits from "#lib/rate-limits/contract";
import * as usage from "#lib/usage/contract";
import { getKeyStats } from "#lib/usage/get-key-stats";
import { getKeyUsage } from "#lib/usage/get-key-usage";
import { listUsage } from "#lib/usage/list-usage";
import { ApiKeyDetail } from "@/components/keys/api-key-detail";
import { apiKeyQuery, keyLimitsQuery, keyStatsQuery, keyUsageQuery } from "@/components/keys/keys.queries";
import { limitStatesOf } from "@/components/portal/limit-states";
import { refusalsInput, refusalsQuery } from "@/components/portal/refusals.queries";

interface KeyPageProps {
  params: Promise<{ key_id: string }>;
}

/** Read once for the page and its title. Somebody else's key and no key are the same page. */
const readKey = cache(async (keyId: string) => {
  if (!contract.getApiKey.params.safeParse({ key_id: keyId }).success) notFound();
  try {
    return await readPage(contract.getApiKey, `/keys/${keyId}`, (ctx) => getApiKey(ctx, keyId));
  } catch (error) {
    if (isAppError(error) && error.code === "NOT_FOUND") notFound();
    throw error;
  }
});

export async function generateMetadata({ params }: KeyPageProps): Promise<Metadata> {
  const key = await readKey((await params).key_id);
  return { title: key.name };
}

export default async function ApiKeyPage({ params }: KeyPageProps) {
  const key = await readKey((await params).key_id);
  const client = new QueryClient();
  client.setQueryData(apiKeyQuery(key.id).queryKey, key);
  await readPage(usage.getKeyStats, `/keys/${key.id}`, async (ctx) => {
    const span = { time_range: "30d", management: "include" } as const;
    client.setQueryData(keyStatsQuery(key.id).queryKey, await getKeyStats(ctx, key.id, span));
    const byDay = { ...span, granularity: "day" } as const;
    client.setQueryData(keyUsageQuery(key.id).queryKey, await getKeyUsage(ctx, key.id, byDay));
    const refused = usage.listUsage.query.parse(refusalsInput(key.id));
    client.setQueryData(refusalsQuery(key.id).queryKey, await listUsage(ctx, refused));
  });
  await readPage(limits.getRateLimit, `/keys/${key.id}`, async (ctx) => {
    const [state] = limitStatesOf(await getRateLimit(ctx, { limit: 1, api_key_id: key.id }));
    if (state) client.setQueryData(keyLimitsQuery(key.id).queryKey, state);
  });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ApiKeyDetail keyId={key.id} />
    </HydrationBoundary>
  );
}
