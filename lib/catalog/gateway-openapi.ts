import { baseUrlOf } from "#lib/catalog/base-url";
import { inOrder } from "#lib/catalog/in-order";
import { type OpenApiPath, openApiPaths } from "#lib/catalog/openapi-paths";
import type { PublishedGateway, PublishedRoute } from "#lib/catalog/repository";
import { credentialsOf } from "#lib/catalog/route-credentials";
import type { Env } from "#lib/platform/env";

type Json = Record<string, unknown>;

const anyMethod = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const withBody = ["POST", "PUT", "PATCH"];

/** A gateway's routes as an OpenAPI 3.1 document: where, with what credential, and how refusals look. Of answers it knows nothing. */
export function gatewayOpenApi(gateway: PublishedGateway, env: Pick<Env, "PUBLIC_URL" | "GATEWAY_PORT">): Json {
  const routes = inOrder(gateway.routes);
  return {
    openapi: "3.1.0",
    info: {
      title: gateway.name,
      version: gateway.updatedAt.toISOString(),
      description: gateway.description ?? `What the gateway ${gateway.name} serves.`,
      license: { name: "As agreed with the operator", identifier: "LicenseRef-operator" },
    },
    servers: [{ url: baseUrlOf(gateway, env) }],
    tags: tagsOf(routes),
    paths: pathsOf(routes),
    ...(routes.length > 0 && {
      components: {
        securitySchemes: schemesOf(routes),
        responses: { Error: errorResponse(gateway.errorFormat) },
      },
    }),
  };
}

function tagsOf(routes: readonly PublishedRoute[]): Json[] {
  const services = new Map(routes.map(({ service }) => [service.name, service]));
  return [...services.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, displayName, description }) => ({ name, description: description ?? displayName }));
}

/** Of two routes that match the same, the one that is tried first is described. */
function pathsOf(routes: readonly PublishedRoute[]): Json {
  const byShape = new Map<string, { path: OpenApiPath; operations: Json }>();
  const operationIds = new Set<string>();
  for (const route of routes) {
    for (const path of openApiPaths(route.path)) {
      const known = byShape.get(path.shape) ?? { path, operations: {} };
      byShape.set(path.shape, known);
      for (const method of route.methods.length > 0 ? route.methods : anyMethod)
        known.operations[method.toLowerCase()] ??= operation(route, method, known.path, operationIds);
    }
  }
  return Object.fromEntries([...byShape.values()].map(({ path, operations }) => [path.path, operations]));
}

function operation(route: PublishedRoute, method: string, path: OpenApiPath, taken: Set<string>): Json {
  const parameters = [...path.parameters.map(pathParameter), ...headerParameters(route)];
  return {
    operationId: freeName(
      `${method.toLowerCase()}${path.path.replaceAll(/[^A-Za-z0-9]+/g, "_").replace(/_$/, "")}`,
      taken,
    ),
    summary: route.name,
    tags: [route.service.name],
    security: securityOf(route),
    ...(parameters.length > 0 && { parameters }),
    ...(withBody.includes(method) && { requestBody: { content: { "application/json": { schema: {} } } } }),
    responses: {
      "2XX": { description: `What the service ${route.service.name} answers.` },
      "4XX": { $ref: "#/components/responses/Error" },
      default: { $ref: "#/components/responses/Error" },
    },
  };
}

const pathParameter = ({ name, description }: OpenApiPath["parameters"][number]) => ({
  name,
  in: "path",
  required: true,
  description,
  schema: { type: "string" },
});

/** Headers the route needs to match. OpenAPI says these three in other ways, and does not take them as parameters. */
function headerParameters({ matchHeaders }: PublishedRoute): Json[] {
  return (matchHeaders as { name: string; value: string }[])
    .filter(({ name }) => !["accept", "content-type", "authorization"].includes(name))
    .map(({ name, value }) => ({ name, in: "header", required: true, schema: { type: "string", enum: [value] } }));
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count++) name = `${wanted}_${count}`;
  taken.add(name);
  return name;
}

const securitySchemes = {
  apiKey: { type: "apiKey", in: "header", name: "X-API-Key", description: "An API key: ak_ and 32 characters." },
  bearer: { type: "http", scheme: "bearer", description: "An API key, or the token got for one at /auth/token." },
};

/** Any of these. The bearer scheme carries a key or a token. */
function securityOf(route: PublishedRoute): Json[] {
  const credentials = credentialsOf(route);
  const takesKey = credentials.includes("api_key");
  return [
    ...(takesKey ? [{ apiKey: [] }] : []),
    ...(takesKey || credentials.includes("partner_token") ? [{ bearer: [] }] : []),
    ...(credentials.includes("anonymous") ? [{}] : []),
  ];
}

/** Those that a route takes. */
function schemesOf(routes: readonly PublishedRoute[]): Json {
  const taken = new Set(routes.flatMap(securityOf).flatMap((requirement) => Object.keys(requirement)));
  return Object.fromEntries(Object.entries(securitySchemes).filter(([name]) => taken.has(name)));
}

const text = { type: "string" };
const integer = { type: "integer" };

function errorResponse(format: string): Json {
  const description = "The gateway refused the call, or the service behind it could not be asked.";
  return format === "partner"
    ? { description, content: { "application/json": { schema: partnerError } } }
    : { description, content: { "application/problem+json": { schema: problem } } };
}

const partnerError = {
  type: "object",
  required: ["detail"],
  properties: {
    detail: {
      type: "object",
      required: ["error", "message"],
      properties: { error: text, message: text, retry_after: integer },
    },
  },
};

/** RFC 9457, with the members every error of ours has. */
const problem = {
  type: "object",
  required: ["type", "title", "status", "detail", "instance", "error_code", "timestamp", "path", "request_id"],
  properties: {
    type: text,
    title: text,
    status: integer,
    detail: text,
    instance: text,
    error_code: text,
    timestamp: text,
    path: text,
    request_id: text,
    retry_after: integer,
  },
};
