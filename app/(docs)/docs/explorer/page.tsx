import type { Metadata } from "next";
import * as catalog from "#lib/catalog/contract";
import { getGatewayOpenApi } from "#lib/catalog/get-gateway-openapi";
import { explorerDocument } from "#lib/explorer/explorer-document";
import { getExplorer } from "#lib/explorer/get-explorer";
import { accountMeta } from "#lib/http/client";
import { openApiDocument } from "#lib/http/openapi";
import { readPage, visitingActor } from "#lib/http/page-context";
import type { ApiKey } from "#lib/keys/contract";
import { runtime } from "#lib/platform/runtime";
import { Explorer } from "@/components/explorer/explorer";
import { Providers } from "@/components/layout/providers";

export const metadata: Metadata = { title: "API explorer" };

const here = "/docs/explorer";
const management = { id: "management", name: "Management API" };

type Search = Promise<Record<string, string | string[] | undefined>>;

/** Reads what the visitor may try; whoever is not signed in reads about the management API. */
export default async function ExplorerPage({ searchParams }: { searchParams: Search }) {
  const actor = await visitingActor();
  const { api, key } = await searchParams;
  const isSignedIn = actor?.permissions.has("catalog:read") ?? false;
  const shown = isSignedIn ? await readChoices(textOf(api), textOf(key)) : visitorsChoices();
  return (
    <Providers>
      <meta name={accountMeta} content={actor?.accountId ?? ""} />
      <div data-wide="" className="flex flex-col gap-6">
        <header>
          <h1 className="font-semibold text-2xl tracking-tight">API explorer</h1>
          <p className="mt-2 max-w-prose text-ink-soft">
            Every operation, and what it answers. Calls made here are signed by the portal: your browser never holds a
            key.
          </p>
        </header>
        <Explorer isSignedIn={isSignedIn} {...shown} />
      </div>
    </Providers>
  );
}

function visitorsChoices() {
  return { apis: [management], apiId: management.id, document: managementDocument(), keys: [] };
}

const managementDocument = () => explorerDocument(openApiDocument(runtime().env.PUBLIC_URL));

async function readChoices(wantedApi: string | null, wantedKey: string | null) {
  return readPage(catalog.getCatalog, here, async (ctx) => {
    const { apis, keys } = await getExplorer(ctx, wantedKey);
    const gateway = apis.find(({ id }) => id === wantedApi);
    const document = gateway ? explorerDocument(await getGatewayOpenApi(ctx, gateway.id)) : managementDocument();
    return {
      apis: [management, ...apis],
      apiId: gateway?.id ?? management.id,
      document,
      keys: keys.map(nameKey),
    };
  });
}

const nameKey = ({ id, name, key_prefix, key_last4 }: ApiKey) => ({
  id,
  name: `${name} (${key_prefix}…${key_last4})`,
});

const textOf = (value: string | string[] | undefined) => (typeof value === "string" ? value : null);
