import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Endpoint } from "#lib/core/endpoint";
import { errorCatalogue } from "#lib/core/errors";
import { permissionsOfKey } from "#lib/core/permissions";
import { endpoints } from "#lib/http/contracts";
import { openApiDocument } from "#lib/http/openapi";
import { composeRuntime, runtime } from "#lib/platform/runtime";
import { MemoryLimitStore } from "#lib/rate-limits/memory-limit-store";
import { type Answered, openApi, type TestApi } from "#test/api";
import { tokenOf } from "#test/operator";
import { createWorld, issueKey, type World } from "#test/world";

/**
 * Every operation of the published contract, fed with what it does not expect: half-right bodies, hostile texts, wrong types,
 * foreign ids. Whatever comes, the answer is a success or a documented 4xx in the one error shape, and the other tenant's rows
 * are as they were. PORTICO_FUZZ_RUNS makes it longer.
 */
let api: TestApi;
let world: World;
let key: string;
let operator: string;
let foreignKeyId: string;

beforeAll(async () => {
  api = await openApi();
  world = await createWorld();
  const limits = [{ algorithm: "sliding_window" as const, limit: 1_000_000, window_seconds: 60 }];
  const caller = await issueKey(world.one.tenantId, world.one.customer, { limits });
  key = caller.key;
  // A number no generated request hits: the key must not revoke itself.
  await runtime().postgres.platform.query("UPDATE api_keys SET number = 987654321 WHERE id = $1", [caller.id]);
  await issueKey(world.one.tenantId, world.one.customer);
  operator = await tokenOf(world.one.tenantId);
  foreignKeyId = (await issueKey(world.two.tenantId, world.two.customer)).id;
});

afterAll(() => api.close());

const hostile = fc.oneof(
  fc.constantFrom<unknown>(
    "",
    " ",
    "\u0000",
    "\ud800",
    "a\u0000b",
    "../../etc/passwd",
    "%00",
    "%2e%2e",
    "'; DROP TABLE users; --",
    "$" + "{7*7}",
    "__proto__",
    "x".repeat(10_000),
    "９",
    "\u202e",
    "1e309",
    "-1",
    "NaN",
  ),
  fc.constantFrom<unknown>(
    { not: "" },
    { contains: "" },
    { set: [] },
    { connect: { id: "x" } },
    [],
    [[]],
    {},
    null,
    true,
    -1,
    0,
    1.5,
    2 ** 53,
    1e300,
    Number.MAX_SAFE_INTEGER,
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
);

type Schema = {
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  anyOf?: Schema[];
  enum?: unknown[];
  items?: Schema;
  $ref?: string;
  format?: string;
};

/** Values that fit a schema, more or less: each part is now and then replaced by something hostile. */
function roughly(schema: Schema, components: Record<string, Schema>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 3, arbitrary: fitting(schema, components) }, { weight: 1, arbitrary: hostile });
}

function fitting(schema: Schema, components: Record<string, Schema>): fc.Arbitrary<unknown> {
  if (schema.$ref) return fitting(components[schema.$ref.split("/").at(-1) ?? ""] ?? {}, components);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => fitting(one, components)));
  if (schema.type === "object") return objectOf(schema, components);
  if (schema.type === "array") return fc.array(fitting(schema.items ?? {}, components), { maxLength: 4 });
  return scalars[schema.format ?? schema.type ?? "string"] ?? texts;
}

const numbers = fc.oneof(fc.integer({ min: 1, max: 2_000 }), fc.integer());
const texts = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom("someone@example.com", "correct horse battery", "key_doesnotexist", "192.0.2.0/24"),
);
const scalars: Record<string, fc.Arbitrary<unknown>> = {
  boolean: fc.boolean(),
  null: fc.constant(null),
  integer: numbers,
  number: numbers,
  "date-time": fc.constantFrom(
    "2099-01-01T00:00:00Z",
    "2020-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999Z",
    "10000-01-01T00:00:00Z",
    "0000-01-01T00:00:00Z",
  ),
};

/** A few fields that fit, and now and then one that does not: with every field a gamble, nothing would get past validation. */
function objectOf(
  { properties = {}, required = [] }: Schema,
  components: Record<string, Schema>,
): fc.Arbitrary<unknown> {
  const names = Object.keys(properties);
  const extra = ["role", "tenant_id", "isActive", "__proto__", "constructor", "secret_hash"];
  const odd = fc.option(fc.tuple(fc.constantFrom(...names, ...extra), hostile), { freq: 3 });
  const some = fc.subarray(names, { maxLength: Math.min(3, names.length) }).chain((chosen) => {
    const parts = [...new Set([...required, ...chosen])].map((name) => [
      name,
      fitting(properties[name] ?? {}, components),
    ]);
    return fc.record(Object.fromEntries(parts) as Record<string, fc.Arbitrary<unknown>>);
  });
  return fc.tuple(some, odd).map(([body, replaced]) => (replaced ? { ...body, [replaced[0]]: replaced[1] } : body));
}

const parameter = () =>
  fc.oneof(
    fc.constantFrom(foreignKeyId, "1", "999999", "key_x", "%00", "..%2f", "a'b", "0", "-1", "1e9"),
    fc.string({ maxLength: 30 }),
  );

function requestsOf(endpoint: Endpoint, schema: Schema | undefined, components: Record<string, Schema>) {
  const names = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([part]) => part);
  const query = fc.dictionary(
    fc.constantFrom(...Object.keys(endpoint.query?.shape ?? { none: 1 }), "id[not]", "order_by", "select"),
    fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom(
        "1",
        "24h",
        "2026-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:00",
        "9999-12-31T23:59:59-14:00",
        "minute",
        "include",
        "-1",
        "1e9",
        "x".repeat(3_000),
      ),
    ),
    { maxKeys: 3 },
  );
  const body = schema
    ? fc.oneof(
        { weight: 5, arbitrary: roughly(schema, components) },
        { weight: 1, arbitrary: fc.constantFrom("{", "[1,]", "\ufeff{}", '{"a":NaN}', `${"[".repeat(50_000)}`, "") },
      )
    : fc.constant(undefined);
  return fc
    .record({ params: fc.tuple(...names.map(parameter)), query, body })
    .map(({ params, query: sent, body: sentBody }) => {
      const path = names.reduce(
        (template, name, at) => template.replace(name, encodeURIComponent(params[at] ?? "x") || "x"),
        endpoint.path as string,
      );
      const search = new URLSearchParams(sent).toString();
      return { path: search ? `${path}?${search}` : path, body: sentBody };
    });
}

const runs = Number(process.env.PORTICO_FUZZ_RUNS ?? 30);
const addresses = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => `10.${parts.join(".")}`);
const document = openApiDocument("https://portal.test") as {
  components: { schemas: Record<string, Schema> };
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: Schema }> } }>>;
};

async function foreignRows(): Promise<string> {
  const tables = ["api_keys", "accounts", "memberships", "audit_entries", "domain_events"];
  const dumps = tables.map((table) =>
    runtime().postgres.platform.query(
      `SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS dump FROM ${table} t WHERE tenant_id = $1`,
      [world.two.tenantId],
    ),
  );
  return (await Promise.all(dumps)).map(({ rows }) => rows[0].dump).join();
}

/** What no key may do, an operator tries. */
function mayKeyDo({ permission }: Endpoint): boolean {
  return permission === "public" || permissionsOfKey({ read: true, write: true }).has(permission);
}

function expectProblem({ status, headers, body }: Answered): void {
  expect(headers.get("content-type")).toBe("application/problem+json");
  const { error_code: code, detail, path, request_id: requestId } = body;
  expect(errorCatalogue[code as keyof typeof errorCatalogue].status).toBe(status);
  expect(body.status).toBe(status);
  expect([typeof detail, typeof path, typeof requestId]).toEqual(["string", "string", "string"]);
}

function expectPartnerError({ headers, body }: Answered): void {
  expect(headers.get("content-type")).toBe("application/json");
  expect([typeof body.detail.error, typeof body.detail.message]).toEqual(["string", "string"]);
}

it.each(endpoints.map((endpoint) => [endpoint.operationId, endpoint] as const))(
  "%s never breaks",
  async (_, endpoint) => {
    const { components, paths } = document;
    const schema =
      paths[endpoint.path]?.[endpoint.method.toLowerCase()]?.requestBody?.content["application/json"]?.schema;
    const before = await foreignRows();
    composeRuntime({ limiter: new MemoryLimitStore() });
    const caller = mayKeyDo(endpoint) ? { key } : { token: operator };
    const isAuthEndpoint = endpoint.permission === "public" || endpoint.path.includes("/auth/");
    await fc.assert(
      fc.asyncProperty(requestsOf(endpoint, schema, components.schemas), addresses, async ({ path, body }, from) => {
        const answer = await api.call(endpoint.method, path, {
          ...caller,
          from,
          ...(body !== undefined && { body: body === undefined ? "" : body }),
        });
        expect(answer.status, answer.text).toBeLessThan(500);
        expect(answer.status === 401 && !isAuthEndpoint, answer.text).toBe(false); // or nothing behind it is tried
        if (answer.status < 400) return;
        if (endpoint.errorFormat === "partner") expectPartnerError(answer);
        else expectProblem(answer);
        expect(answer.text).not.toMatch(/prisma|postgres|node_modules|\bat \w+ \(/i);
      }),
      { numRuns: runs },
    );
    expect(await foreignRows()).toBe(before);
    expect(({} as Record<string, unknown>).role).toBeUndefined();
  },
  60_000,
);
