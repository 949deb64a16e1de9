import type { CatalogApi } from "#lib/catalog/contract";
import { keyVariable, whoAmISample } from "@/components/keys/key-sample";

/** The curl of a real route the account may read with a key; of the call that says who the key is, where there is none. */
export function sampleCall(apis: readonly CatalogApi[], apiUrl: string): string {
  for (const { base_url, routes } of apis) {
    const route = routes.find(isSimple);
    if (route) return `curl -i "${base_url.replace(/\/$/, "")}${pathOf(route)}" \\\n  -H "X-API-Key: ${keyVariable}"`;
  }
  return whoAmISample(apiUrl, keyVariable);
}

type CatalogRoute = CatalogApi["routes"][number];

/** Paths that mean themselves between the quotes of a shell. */
const plainPath = /^[\w./~*-]+$/;

/** Nothing to fill in: no parameter in its path, no body to send. */
function isSimple({ is_allowed, credentials, methods, path }: CatalogRoute): boolean {
  const isReadable = methods.length === 0 || methods.includes("GET");
  return is_allowed && credentials.includes("api_key") && isReadable && plainPath.test(path);
}

/** `/users/*` also stands for `/users`. */
const pathOf = ({ path }: CatalogRoute) => path.replace(/\/?\*$/, "") || "/";
