import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HttpMethod } from "#lib/core/endpoint";
import { runtime } from "#lib/platform/runtime";
import { openApi, type TestApi } from "#test/api";
import { type People, sameBytes, signInPeople } from "#test/people";
import { createWorld, issueKey, type World } from "#test/world";

let api: TestApi;
let world: World;
let people: People;
const services: Record<"users" | "posts" | "idle", string> = {} as never;
let partners: string;
let open: string;

beforeAll(async () => {
  api = await openApi();
  world = await createWorld();
  people = await signInPeople(world);
  const made = async (path: string, body: object): Promise<string> => {
    const answer = await as("superAdmin")("POST", path, body);
    expect(answer.status, answer.text).toBe(201);
    return answer.body.id;
  };
  for (const name of ["users", "posts", "idle"] as const)
    services[name] = await made("services", { name, base_url: `http://${name}.test`, is_active: name !== "idle" });
  const anyone = await made("policies", {
    name: "anyone",
    kind: "authentication",
    configuration: { accept: ["anonymous", "api_key"] },
  });
  const tokens = await made("policies", {
    name: "tokens",
    kind: "authentication",
    configuration: { accept: ["partner_token"] },
  });
  partners = await made("gateways", { name: "B partners", error_format: "partner", serve_on_portal: true });
  open = await made("gateways", { name: "A open", description: "For all", domains: ["api.isp.test", "x.test"] });
  const idle = await made("gateways", { name: "C idle", is_active: false });
  await made("gateways", { name: "D empty" });
  for (const [gateway, path, body] of [
    [partners, "/users/*", { service_id: services.users, name: "Users", policy_ids: [tokens] }],
    [partners, "/posts/{post_id}", { service_id: services.posts, methods: ["GET", "DELETE"] }],
    [partners, "/posts/{id}", { service_id: services.posts, methods: ["GET", "PUT"], priority: 1 }],
    [partners, "/posts/*", { service_id: services.posts }],
    [partners, "/gone", { service_id: services.posts, is_active: false }],
    [partners, "/idle", { service_id: services.idle }],
    [open, "/keys/{path}/*", { service_id: services.posts, policy_ids: [anyone] }],
    [open, "/a_b", { service_id: services.users }],
    [open, "/a/b", { service_id: services.users, headers: [{ name: "x-version", value: "2" }] }],
    [open, "/", { service_id: services.users, methods: ["GET", "HEAD", "OPTIONS"] }],
    [idle, "/never", { service_id: services.posts }],
  ] as const)
    await made(`gateways/${gateway}/routes`, { path, ...body });
});

afterAll(() => api.close());

const as = (who: keyof People) => (method: HttpMethod, path: string, body?: unknown) =>
  api.call(method, path, { token: people[who], ...(body !== undefined && { body }) });

/** The services of the routes that the caller may call. */
const allowedIn = (body: { data: { routes: { service_name: string; is_allowed: boolean }[] }[] }) =>
  [
    ...new Set(
      body.data.flatMap(({ routes }) =>
        routes.filter((route) => route.is_allowed).map(({ service_name: name }) => name),
      ),
    ),
  ].sort();

describe("GET /catalog", () => {
  it("200: what is active, in the order it is tried, where it is called and with what", async () => {
    const { status, body } = await as("developer")("GET", "catalog");
    expect(status).toBe(200);
    expect(body.data).toMatchObject([
      {
        gateway_id: open,
        name: "A open",
        description: "For all",
        base_url: `http://api.isp.test:${runtime().env.GATEWAY_PORT}`,
        on_portal: false,
        openapi_path: `/api/v1/api-management/gateways/${open}/openapi.json`,
      },
      { gateway_id: partners, name: "B partners", base_url: "http://portal.test", on_portal: true },
    ]);
    const shown = body.data.map(({ routes }: { routes: { path: string; credentials: string[] }[] }) =>
      routes.map(({ path, credentials }) => `${path} ${credentials}`),
    );
    expect(shown[0]).toContain("/keys/{path}/* anonymous,api_key");
    expect(shown[1]).toEqual([
      "/posts/{id} api_key,partner_token",
      "/posts/{post_id} api_key,partner_token",
      "/posts/* api_key,partner_token",
      "/users/* partner_token",
    ]);
  });

  it("200: says what the caller's account may call: all, what it was granted, or nothing; operators may call all", async () => {
    expect(allowedIn((await as("owner")("GET", "catalog")).body)).toEqual(["posts", "users"]);
    const { platform } = runtime().postgres;
    await platform.query("UPDATE accounts SET all_services = false WHERE id = $1", [world.one.customer]);
    expect(allowedIn((await as("owner")("GET", "catalog")).body)).toEqual([]);
    await platform.query("INSERT INTO account_services (tenant_id, account_id, service_id) VALUES ($1, $2, $3)", [
      world.one.tenantId,
      world.one.customer,
      services.users,
    ]);
    const { key } = await issueKey(world.one.tenantId, world.one.customer);
    expect(allowedIn((await as("owner")("GET", "catalog")).body)).toEqual(["users"]);
    expect(allowedIn((await api.call("GET", "catalog", { key })).body)).toEqual(["users"]);
    expect(allowedIn((await as("reseller")("GET", "catalog")).body)).toEqual(["posts", "users"]);
    expect(allowedIn((await as("operator")("GET", "catalog")).body)).toEqual(["posts", "users"]);
  });

  it("200: another tenant's catalog is its own", async () => {
    expect((await as("foreign")("GET", "catalog")).body).toEqual({ data: [] });
  });
});

/** What redocly's recommended rules say of a document. */
async function lint(document: unknown): Promise<{ problems: unknown[]; totals: object }> {
  const folder = mkdtempSync(join(tmpdir(), "portico-openapi-"));
  const file = join(folder, "openapi.json");
  writeFileSync(file, JSON.stringify(document));
  const run = promisify(execFile)(
    process.execPath,
    ["node_modules/@redocly/cli/bin/cli.js", "lint", file, "--format=json"],
    { env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" } },
  );
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  rmSync(folder, { recursive: true });
  return JSON.parse(stdout.slice(stdout.indexOf("{")));
}

const openApiOf = (id: string, who: keyof People = "developer") => as(who)("GET", `gateways/${id}/openapi.json`);

describe("GET /gateways/{gateway_id}/openapi.json", () => {
  it("200: passes redocly's recommended rules without a warning, in both error formats and without routes", async () => {
    const empty = await as("superAdmin")("POST", "gateways", { name: "E empty" });
    for (const id of [partners, open, empty.body.id]) {
      const { status, body } = await openApiOf(id);
      expect(status).toBe(200);
      const report = await lint(body);
      expect(report.problems).toEqual([]);
      expect(report.totals).toMatchObject({ errors: 0, warnings: 0 });
    }
  }, 60_000);

  it("200: a wildcard is two paths; of routes that match the same, the first one tried is described", async () => {
    const { body } = await openApiOf(partners);
    expect(body).toMatchObject({
      openapi: "3.1.0",
      info: { title: "B partners" },
      servers: [{ url: "http://portal.test" }],
    });
    expect(Object.keys(body.paths)).toEqual(["/posts/{id}", "/posts", "/users", "/users/{path}"]);
    expect(Object.keys(body.paths["/posts/{id}"])).toEqual(["get", "put", "delete", "post", "patch"]);
    expect(Object.keys(body.paths["/users"])).toEqual(["get", "post", "put", "patch", "delete"]);
    expect(body.paths["/users/{path}"].get).toMatchObject({
      operationId: "get_users_path",
      summary: "Users",
      tags: ["users"],
      security: [{ bearer: [] }],
      parameters: [{ name: "path", in: "path", required: true, description: expect.stringContaining("slashes") }],
    });
    expect(body.tags.map(({ name }: { name: string }) => name)).toEqual(["posts", "users"]);
    expect(body.components.securitySchemes.apiKey).toMatchObject({ in: "header", name: "X-API-Key" });
    expect(Object.keys(body.components.responses.Error.content)).toEqual(["application/json"]);
  });

  it("200: says headers a route needs, callers without credentials, and the problem format", async () => {
    const { body } = await openApiOf(open);
    expect(body.paths["/a/b"].get.parameters).toEqual([
      { name: "x-version", in: "header", required: true, schema: { type: "string", enum: ["2"] } },
    ]);
    expect(body.paths["/keys/{path}/{rest_of_path}"].get.security).toEqual([{ apiKey: [] }, { bearer: [] }, {}]);
    expect(Object.keys(body.paths["/"])).toEqual(["get", "head", "options"]);
    expect(Object.keys(body.components.responses.Error.content)).toEqual(["application/problem+json"]);
  });

  it("404: an inactive gateway and another tenant's are as one that never was", async () => {
    const none = await openApiOf("gw_0000000000000000000000", "foreign");
    const foreign = await openApiOf(partners, "foreign");
    expect([foreign.status, sameBytes(foreign.body)]).toEqual([404, sameBytes(none.body)]);
    await as("operator")("PUT", `gateways/${open}`, { is_active: false });
    expect((await openApiOf(open)).status).toBe(404);
  });
});
