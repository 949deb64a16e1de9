type Json = Record<string, unknown>;

/** An OpenAPI 3.1 document, for readers that know 3.0.3 only: the same operations, the same schemas as far as 3.0 can say them. */
export function openApi30(document: Json): Json {
  const { jsonSchemaDialect: _dialect, webhooks: _webhooks, info, components, ...rest } = document;
  const known = schemasOf(components);
  return {
    ...(render(rest, known) as Json),
    openapi: "3.0.3",
    info: plainInfo(info as Json),
    ...(components !== undefined && { components: plainComponents(components as Json, known) }),
  };
}

const schemasOf = (components: unknown): Json => ((components as Json | undefined)?.schemas ?? {}) as Json;

function plainInfo({ summary: _summary, license, ...info }: Json): Json {
  if (!license) return info;
  const { identifier: _identifier, ...plain } = license as Json; // SPDX identifiers came with 3.1
  return { ...info, license: plain };
}

function plainComponents({ pathItems: _pathItems, schemas, ...rest }: Json, known: Json): Json {
  return { ...(render(rest, known) as Json), ...(schemas !== undefined && { schemas: eachSchema(schemas, known) }) };
}

/** Whatever is no schema stays as it is; `schema` is the one place outside the components where one stands. */
function render(value: unknown, known: Json): unknown {
  if (Array.isArray(value)) return value.map((entry) => render(entry, known));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      name === "schema" ? schema30(part, known) : render(part, known),
    ]),
  );
}

/** Keywords of JSON Schema 2020-12 that 3.0.3 has no words for: it says less then, never something else. */
const unknownTo30 = new Set([
  ...["$schema", "$id", "$anchor", "$comment", "$defs", "$dynamicRef", "$dynamicAnchor", "$vocabulary"],
  ...["if", "then", "else", "dependentSchemas", "dependentRequired", "prefixItems", "contains", "minContains"],
  ...["maxContains", "patternProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties"],
  ...["contentEncoding", "contentMediaType", "contentSchema"],
]);

/** One schema (Schema Object of 3.0.3). */
function schema30(schema: unknown, known: Json): Json {
  if (schema === true || schema === undefined) return {};
  if (!isObject(schema)) return { not: {} };
  if (typeof schema.$ref === "string") return reference30(schema.$ref, schema, known);
  const plain: Json = {};
  for (const [keyword, value] of Object.entries(schema))
    if (!unknownTo30.has(keyword)) Object.assign(plain, keyword30(keyword, value, known));
  if (Array.isArray(schema.prefixItems)) plain.items ??= {};
  if (plain.type === "array") plain.items ??= {};
  return withoutNull(plain, known);
}

/** 3.0 ignores whatever stands beside a `$ref`. */
function reference30($ref: string, { $ref: _, ...beside }: Json, known: Json): Json {
  return Object.keys(beside).length === 0 ? { $ref } : { ...schema30(beside, known), allOf: [{ $ref }] };
}

function keyword30(keyword: string, value: unknown, known: Json): Json {
  switch (keyword) {
    case "type":
      return type30(value);
    case "const":
      return { enum: [value] };
    case "examples":
      return Array.isArray(value) && value.length > 0 ? { example: value[0] } : {};
    case "exclusiveMinimum":
      return typeof value === "number" ? { minimum: value, exclusiveMinimum: true } : { exclusiveMinimum: value };
    case "exclusiveMaximum":
      return typeof value === "number" ? { maximum: value, exclusiveMaximum: true } : { exclusiveMaximum: value };
    case "properties":
      return { properties: eachSchema(value, known) };
    case "items":
    case "not":
      return { [keyword]: schema30(value, known) };
    case "additionalProperties":
      return { additionalProperties: typeof value === "boolean" ? value : schema30(value, known) };
    case "allOf":
    case "anyOf":
    case "oneOf":
      return { [keyword]: (value as unknown[]).map((part) => (isNull(part) ? part : schema30(part, known))) };
    default:
      return { [keyword]: value };
  }
}

function type30(type: unknown): Json {
  if (!Array.isArray(type)) return { type };
  const types = type.filter((name) => name !== "null");
  const [only] = types;
  const nullable = types.length < type.length && { nullable: true };
  if (types.length === 1) return { type: only, ...nullable };
  return { anyOf: types.map((name) => ({ type: name, ...nullable })) };
}

/** `{ "type": "null" }` among alternatives is `nullable` on the others; on its own it is a null that nothing else may be. */
function withoutNull(schema: Json, known: Json): Json {
  if (schema.type === "null") return { ...schema, type: "string", nullable: true, enum: [null] };
  const keyword = (["anyOf", "oneOf"] as const).find((name) => (schema[name] as unknown[] | undefined)?.some(isNull));
  if (!keyword) return schema;
  const { [keyword]: alternatives, ...rest } = schema;
  const others = (alternatives as Json[]).filter((part) => !isNull(part));
  const nullable = others.map((part) => orNull(part, known));
  return nullable.length === 1 ? { ...nullable[0], ...rest } : { ...rest, [keyword]: nullable };
}

function orNull(schema: Json, known: Json): Json {
  if (typeof schema.$ref !== "string") return schema.type === undefined ? schema : { ...schema, nullable: true };
  const { type } = (known[schema.$ref.replace("#/components/schemas/", "")] ?? {}) as Json; // 3.0.3: nullable stands beside a type
  return { ...(typeof type === "string" && { type, nullable: true }), allOf: [schema] };
}

const eachSchema = (schemas: unknown, known: Json): Json =>
  Object.fromEntries(Object.entries(schemas as Json).map(([name, schema]) => [name, schema30(schema, known)]));

const isNull = (schema: unknown): boolean => isObject(schema) && schema.type === "null";

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
