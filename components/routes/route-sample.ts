import type { CatalogRoute } from "@/components/gateways/gateways.queries";
import { keyVariable } from "@/components/keys/key-sample";
import { previewPath } from "@/components/routes/route-preview";

/** The partner's token in a place where the real one must not stand. */
export const tokenVariable = "$PORTICO_TOKEN";

interface SampledRoute {
  path: string;
  methods: readonly string[];
  headers?: readonly { name: string; value: string }[];
}

/** A call of a route, with the credential it takes in a variable. */
export function routeSample(
  baseUrl: string,
  { path, methods, headers = [] }: SampledRoute,
  credentials: CatalogRoute["credentials"],
): string {
  const method = methods.includes("GET") || methods.length === 0 ? "GET" : (methods[0] ?? "GET");
  const hasBody = ["POST", "PUT", "PATCH"].includes(method);
  const parts = [
    `curl -i ${method === "GET" ? "" : `-X ${method} `}"${baseUrl.replace(/\/$/, "")}${previewPath(path).example}"`,
    ...credentialHeader(credentials),
    ...headers.map(({ name, value }) => `-H "${name}: ${value.replace(/["\\$`]/g, "\\$&")}"`),
    ...(hasBody ? ['-H "Content-Type: application/json"', "-d '{}'"] : []),
  ];
  return parts.join(" \\\n  ");
}

function credentialHeader(credentials: CatalogRoute["credentials"]): string[] {
  if (credentials.includes("anonymous")) return [];
  return credentials.includes("api_key")
    ? [`-H "X-API-Key: ${keyVariable}"`]
    : [`-H "Authorization: Bearer ${tokenVariable}"`];
}
