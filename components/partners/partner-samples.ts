import type { CatalogApi } from "#lib/catalog/contract";
import type { Sample } from "@/components/keys/issued-secret";
import { routeSample } from "@/components/routes/route-sample";

/** The two calls a partner makes first: its key for a token, then a route of its services with that token. */
export function partnerSamples(
  origin: string,
  serviceIds: readonly string[],
  catalog: readonly CatalogApi[],
): Sample[] {
  const first = firstRoute(serviceIds, catalog);
  return [
    { label: "1. Exchange the key for a token", codeFor: (key) => tokenSample(origin, key) },
    ...(first ? [{ label: "2. Call with the token", codeFor: () => first }] : []),
  ];
}

function tokenSample(origin: string, key: string): string {
  return `curl -X POST "${origin}/auth/token" \\\n  -H "Content-Type: application/json" \\\n  -d '{"api_key": "${key}"}'`;
}

/** The first route to one of the services that takes a token; one that only reads, where there is one. */
function firstRoute(serviceIds: readonly string[], catalog: readonly CatalogApi[]): string | null {
  const candidates = catalog.flatMap(({ base_url, routes }) =>
    routes
      .filter((route) => serviceIds.includes(route.service_id) && route.credentials.includes("partner_token"))
      .map((route) => ({ base_url, route })),
  );
  const reads = ({ route: { methods } }: (typeof candidates)[number]) =>
    methods.length === 0 || methods.includes("GET");
  const chosen = candidates.find(reads) ?? candidates[0];
  return chosen ? routeSample(chosen.base_url, chosen.route, ["partner_token"]) : null;
}
