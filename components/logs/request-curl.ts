import type { CatalogApi } from "#lib/catalog/contract";
import type { UsageRow } from "#lib/usage/contract";
import { keyVariable } from "@/components/keys/key-sample";

/** Text as one argument of a shell: what a caller once sent must not run on the machine of who copies it. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

const withBody = new Set(["POST", "PUT", "PATCH"]);

type Called = Pick<UsageRow, "method" | "path" | "gateway_id" | "is_management">;

/** The same call again, never with the key itself. Null where nobody knows any more at which address it was made. */
export function requestCurl(request: Called, apis: readonly CatalogApi[], apiUrl: string): string | null {
  const base = request.is_management
    ? new URL(apiUrl).origin
    : apis.find(({ gateway_id }) => gateway_id === request.gateway_id)?.base_url.replace(/\/$/, "");
  if (base === undefined) return null;
  return [
    `curl -i${methodFlag(request.method)} ${quoted(base + request.path)}`,
    `-H "X-API-Key: ${keyVariable}"`,
    ...(withBody.has(request.method) ? ["-H 'Content-Type: application/json'", "-d @body.json"] : []),
  ].join(" \\\n  ");
}

function methodFlag(method: string): string {
  if (method === "GET") return "";
  return method === "HEAD" ? " --head" : ` -X ${/^[A-Z]+$/.test(method) ? method : quoted(method)}`;
}
