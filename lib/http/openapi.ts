import { z } from "zod";
import type { Endpoint, ErrorFormat } from "#lib/core/endpoint";
import { type ErrorCode, errorCatalogue } from "#lib/core/errors";
import { endpoints } from "#lib/http/contracts";

type Json = Record<string, unknown>;

/** The content of a refusal, by the format an operation speaks. */
type Refusals = Record<ErrorFormat, Json>;

const fieldError = z.object({
  in: z.enum(["path", "query", "body", "header"]),
  pointer: z.string(),
  detail: z.string(),
});
const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: "For people." }),
    instance: z.string(),
    error_code: z
      .enum(Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]])
      .meta({ description: "For programs." }),
    timestamp: z.iso.datetime(),
    path: z.string(),
    request_id: z.string(),
    retry_after: z.int().optional(),
    errors: z.array(fieldError).optional(),
  })
  .meta({ id: "Problem" });

const partnerError = z
  .object({
    detail: z.object({
      error: z.string(),
      message: z.string().meta({ description: "For people." }),
      retry_after: z.int().optional(),
      allowed_services: z.array(z.string()).optional(),
      errors: z.array(fieldError).optional(),
    }),
  })
  .meta({ id: "PartnerError" });

const always: readonly ErrorCode[] = [
  "BAD_REQUEST",
  "VALIDATION_FAILED",
  "RATE_LIMIT_EXCEEDED",
  "INTERNAL_ERROR",
  "AUTH_BACKEND_UNAVAILABLE",
];
const whenKnown: readonly ErrorCode[] = [
  "API_KEY_INVALID",
  "API_KEY_REVOKED",
  "API_KEY_EXPIRED",
  "API_KEY_DISABLED",
  "TOKEN_INVALID",
  "PERMISSION_DENIED",
  "IP_NOT_ALLOWED",
  "ACCOUNT_SUSPENDED",
  "TENANT_SUSPENDED",
];
const withIdempotencyKey: readonly ErrorCode[] = ["IDEMPOTENCY_CONFLICT", "IDEMPOTENCY_MISMATCH"];
const withBody: readonly ErrorCode[] = ["PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"];

/** The published contract (OpenAPI 3.1): made from the declarations the server itself runs on, so it cannot drift from them. */
export function openApiDocument(serverUrl: string): Json {
  const components: Json = {};
  const refusals: Refusals = {
    problem: { "application/problem+json": { schema: schemaOf(problem, "output", components) } },
    partner: { "application/json": { schema: schemaOf(partnerError, "output", components) } },
  };
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = {
      ...paths[endpoint.path],
      [endpoint.method.toLowerCase()]: operation(endpoint, components, refusals),
    };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Portico management API",
      version: "1.0.0",
      description:
        "Keys, limits and usage. Every error is application/problem+json with an error_code of a closed list, but those of the partner gateway.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: serverUrl }],
    tags: [...new Set(endpoints.map(({ tag }) => tag))].map((name) => ({
      name,
      description: `Operations on ${name.toLowerCase()}.`,
    })),
    paths,
    components: { schemas: components, headers: rateLimitHeaders, securitySchemes },
  };
}

const securitySchemes = {
  apiKey: { type: "apiKey", in: "header", name: "X-API-Key", description: "An API key: ak_ and 32 characters." },
  bearer: { type: "http", scheme: "bearer", description: "A user JWT from /auth/login, or an API key." },
};

const integer = { type: "integer" };
const rateLimitHeaders = {
  RateLimitLimit: { description: "Calls the most restrictive limit admits in its window.", schema: integer },
  RateLimitRemaining: { description: "Calls left in it.", schema: integer },
  RateLimitReset: {
    description: "Unix seconds at which it is full again or, if empty, admits one more.",
    schema: integer,
  },
  RateLimitWindow: { description: "Its window in seconds.", schema: integer },
};

const answerHeaders = Object.fromEntries(
  ["Limit", "Remaining", "Reset", "Window"].map((part) => [
    `X-RateLimit-${part}`,
    { $ref: `#/components/headers/RateLimit${part}` },
  ]),
);

const csvContent = { "text/csv": { schema: { type: "string", description: "With `format=csv`: RFC 4180." } } };

function operation(endpoint: Endpoint, components: Json, refusals: Refusals): Json {
  const { operationId, summary, description, tag, permission, body, success, errors = [] } = endpoint;
  const isPublic = permission === "public";
  const codes = [
    ...always,
    ...(isPublic ? [] : whenKnown),
    ...(body ? withBody : []),
    ...(takesIdempotencyKey(endpoint) ? withIdempotencyKey : []),
    ...errors,
  ];
  const parameters = [
    ...parametersOf(endpoint, "path", components),
    ...parametersOf(endpoint, "query", components),
    ...idempotencyParameter(endpoint),
  ];
  const schema = "schema" in success ? schemaOf(success.schema, "output", components) : undefined;
  return {
    operationId,
    summary,
    ...(description && { description }),
    tags: [tag],
    security: isPublic ? [] : [{ apiKey: [] }, { bearer: [] }],
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: !body.safeParse(undefined).success,
        content: { "application/json": { schema: schemaOf(body, "input", components) } },
      },
    }),
    responses: {
      [success.status]: {
        description: "Done.",
        headers: answerHeaders,
        ...(schema && { content: { "application/json": { schema }, ...(endpoint.alsoCsv && csvContent) } }),
      },
      ...refusalResponses(codes, refusals[endpoint.errorFormat ?? "problem"]),
    },
  };
}

function parametersOf(endpoint: Endpoint, where: "path" | "query", components: Json): Json[] {
  const shape = where === "path" ? endpoint.params : endpoint.query;
  if (!shape) return [];
  return Object.entries(shape.shape).map(([name, schema]) => {
    const { description, ...rest } = schemaOf(schema as z.ZodType, "input", components) as { description?: string };
    const isRequired = where === "path" || !(schema as z.ZodType).safeParse(undefined).success;
    return { name, in: where, required: isRequired, ...(description && { description }), schema: rest };
  });
}

const takesIdempotencyKey = ({ method, idempotent, permission }: Endpoint) =>
  method === "POST" && idempotent !== false && permission !== "public";

function idempotencyParameter(endpoint: Endpoint): Json[] {
  if (!takesIdempotencyKey(endpoint)) return [];
  const description =
    "Makes a repeat harmless for 24 hours: it is answered as the first was, without secrets, with Idempotent-Replayed: true.";
  return [
    {
      name: "Idempotency-Key",
      in: "header",
      required: false,
      description,
      schema: { type: "string", minLength: 1, maxLength: 255 },
    },
  ];
}

function refusalResponses(codes: readonly ErrorCode[], content: Json): Json {
  const byStatus = Map.groupBy(new Set(codes), (code) => errorCatalogue[code].status);
  const entries = [...byStatus].map(([status, same]) => [status, { description: same.join(", "), content }]);
  return Object.fromEntries(entries);
}

/** A schema in JSON Schema; those with an id move to the components and are referred to. Bodies have components of their own: a
 * field with a default may be left out of a body and is always in an answer. */
function schemaOf(schema: z.ZodType, io: "input" | "output", components: Json): Json {
  const {
    $schema,
    $defs = {},
    ...root
  } = z.toJSONSchema(schema, { io, unrepresentable: "any", override: simplify }) as Json & { $defs?: Json };
  const names = new Map(
    Object.keys($defs).map((id) => [id, io === "input" && !/^(Create|Update)/.test(id) ? `${id}Input` : id]),
  );
  const moved = (value: unknown) =>
    JSON.parse(
      JSON.stringify(value).replace(
        /"#\/\$defs\/(\w+)"/g,
        (_, id: string) => `"#/components/schemas/${names.get(id)}"`,
      ),
    ) as Json;
  for (const [id, definition] of Object.entries($defs)) {
    const { id: _, ...plain } = moved(definition);
    components[names.get(id) ?? id] = plain;
  }
  return moved(root);
}

/** Leaves out what says nothing: the pattern of a format that has a name, and the bounds of every integer. */
function simplify({ jsonSchema }: { jsonSchema: Json }): void {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}
