import type { CatalogRoute } from "@/components/gateways/gateways.queries";
import { keyVariable } from "@/components/keys/key-sample";

/** The partner's token in a place where the real one must not stand. */
const tokenVariable = "$PORTICO_TOKEN";

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
    `curl ${flagsOf(method)} "${quoted(baseUrl.replace(/\/$/, "") + samplePath(path))}"`,
    ...credentialHeader(credentials),
    ...headers.map(({ name, value }) => `-H "${name}: ${quoted(value)}"`),
    ...(hasBody ? ['-H "Content-Type: application/json"', "-d '{}'"] : []),
  ];
  return parts.join(" \\\n  ");
}

function flagsOf(method: string): string {
  if (method === "GET") return "-i";
  return method === "HEAD" ? "-I" : `-i -X ${method}`;
}

/** The shortest path a pattern matches, with 1 for each parameter: it is the likeliest to be there. */
function samplePath(pattern: string): string {
  const path = pattern.replace(/\{[^}]*\}/g, "1").replace(/\/\*$/, "");
  return path || "/";
}

/** Inside a shell's double quotes. */
const quoted = (text: string) => text.replace(/["\\$`]/g, "\\$&");

function credentialHeader(credentials: CatalogRoute["credentials"]): string[] {
  if (credentials.includes("anonymous")) return [];
  return credentials.includes("api_key")
    ? [`-H "X-API-Key: ${keyVariable}"`]
    : [`-H "Authorization: Bearer ${tokenVariable}"`];
}
