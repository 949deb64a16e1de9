import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "#lib/core/ids";
import { runtime } from "#lib/platform/runtime";
import { openTestGateway, type TestGateway } from "#test/gateway";
import { sql, withinOneSecond } from "#test/identity";
import { issueKey } from "#test/world";

let gateway: TestGateway;
let upstream: Server;
let url: string;
let arrived: { method: string; url: string; headers: IncomingMessage["headers"]; rawHeaders: string[]; body: string }[];
let answerHeaders: Record<string, string | string[]>;
let key: string;
let keyId: string;
const ids: Record<string, Awaited<ReturnType<TestGateway["publish"]>>> = {};

const allow = { kind: "authentication", configuration: { accept: ["anonymous"], required_scopes: [] } };
const unlimited = { kind: "rate_limit", configuration: { limits: [], count_by: "api_key" } };
const cors = {
  allowed_origins: ["https://customer.isp.com"],
  allowed_methods: ["GET", "POST"],
  allowed_headers: ["Content-Type", "Authorization"],
  exposed_headers: ["X-Total"],
  allow_credentials: true,
  max_age: 86400,
};

beforeAll(async () => {
  arrived = [];
  upstream = createServer(async (req, res) => {
    let body = "";
    for await (const chunk of req) body += chunk;
    arrived.push({
      method: req.method ?? "",
      url: req.url ?? "",
      headers: req.headers,
      rawHeaders: req.rawHeaders,
      body,
    });
    for (const [name, value] of Object.entries(answerHeaders)) res.setHeader(name, value);
    res.setHeader("content-type", "application/json").end(JSON.stringify({ url: req.url, method: req.method }));
  });
  await new Promise<void>((listening) => upstream.listen(0, "127.0.0.1", listening));
  url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  gateway = await openTestGateway();
  const { one, two } = gateway.world;
  ids.users = await gateway.publish({ path: "/users/*", url, serviceName: "users" });
  ids.todos = await gateway.publish({
    path: "/todos/*",
    url,
    serviceName: "todos",
    gateway: { error_format: "partner" },
  });
  ids.open = await gateway.publish({
    path: "/open/*",
    url: `${url}/base/`,
    route: { strip_prefix: true },
    policies: [allow],
  });
  ids.cors = await gateway.publish({
    path: "/cors",
    url,
    gateway: { cors: JSON.stringify(cors) },
    route: { methods: ["GET"] },
  });
  ids.reserved = await gateway.publish({ path: "/keys/*", url, policies: [allow] });
  ids.hidden = await gateway.publish({ path: "/hidden", url, gateway: { serve_on_portal: false }, policies: [allow] });
  ids.domain = await gateway.publish({
    path: "/*",
    url,
    gateway: { domains: ["api.isp.test"], serve_on_portal: false },
    policies: [allow],
  });
  ids.inactive = await gateway.publish({ path: "/off", url, serviceName: "off", service: { is_active: false } });
  ids.foreign = await gateway.publish({ path: "/foreign", url, tenantId: two.tenantId });
  ids.scoped = await gateway.publish({
    path: "/scoped",
    url,
    policies: [{ kind: "authentication", configuration: { accept: ["api_key"], required_scopes: ["customer:read"] } }],
  });
  ids.limited = await gateway.publish({
    path: "/limited",
    url,
    policies: [
      allow,
      {
        kind: "rate_limit",
        configuration: { limits: [{ algorithm: "sliding_window", limit: 2, window_seconds: 60 }], count_by: "ip" },
      },
    ],
  });
  ids.free = await gateway.publish({ path: "/free", url, policies: [allow, unlimited] });
  const issued = await issueKey(one.tenantId, one.customer);
  [key, keyId] = [issued.key, issued.id];
  await gateway.start();
});

beforeEach(() => {
  answerHeaders = {};
});

afterAll(async () => {
  await gateway.close();
  upstream.close();
});

const latest = () => arrived.at(-1) ?? expect.fail("nothing arrived upstream");

/** The row of the answer's request, once it is shipped. */
async function rowOf(requestId: string | string[] | undefined): Promise<Record<string, unknown>> {
  await runtime().usage.shipped(2_000);
  const [row] = await sql("SELECT * FROM usage_events WHERE request_id = $1", [requestId]);
  return row ?? expect.fail("no row");
}

describe("a call", () => {
  it("200: goes upstream and is recorded with what was decided", async () => {
    const answer = await gateway.send("/users/1?a=b&a=%2F", { key });
    expect([answer.status, answer.json.url]).toEqual([200, "/users/1?a=b&a=%2F"]);
    expect(answer.headers).toMatchObject({
      "x-ratelimit-limit": "60",
      "x-ratelimit-remaining": "59",
      "x-ratelimit-window": "60",
    });
    const row = await rowOf(answer.headers["x-request-id"]);
    expect(row).toMatchObject({
      ...{
        tenant_id: gateway.world.one.tenantId,
        account_id: gateway.world.one.customer,
        api_key_id: keyId,
        status: 200,
      },
      ...{ route_id: ids.users?.routeId, gateway_id: ids.users?.gatewayId, service_id: ids.users?.serviceId },
      ...{ endpoint: "/users/*", path: "/users/1", method: "GET", attempts: 1, is_management: false, error_code: null },
      response_bytes: String(Buffer.byteLength(answer.text)),
    });
    expect(row.trace).toEqual([900, 100, 1, 200, 300, 400, 1100, 500, 59, 60, 60, 1200, 200, expect.any(Number), 1]);
  });

  it("tells the upstream who calls, and believes no client that says it is somebody", async () => {
    const forged = [
      "X-Tenant-ID",
      "X-Account-ID",
      "X-Key-ID",
      "X-User-ID",
      "X-Scopes",
      "x_account_id",
      "X_Key_Id",
      "X-Forwarded-For",
      "X-Real-IP",
      "Forwarded",
      "X-HTTP-Method-Override",
      "X-Original-URL",
    ];
    await gateway.send("/users/1", {
      key,
      headers: {
        ...Object.fromEntries(forged.map((name) => [name, "forged"])),
        "X-Custom": "mine",
        connection: "close, X-Account-ID, X-Custom-2",
        "X-Custom-2": "gone",
      },
    });
    const { headers } = latest();
    expect(JSON.stringify(headers)).not.toContain("forged");
    expect(headers).toMatchObject({
      "x-tenant-id": gateway.world.one.tenantId,
      "x-account-id": gateway.world.one.customer,
      "x-key-id": keyId,
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-proto": "http",
      "x-real-ip": "127.0.0.1",
      "x-custom": "mine",
      via: "1.1 portico",
    });
    for (const name of ["x-api-key", "x-custom-2", "x-user-id", "x-scopes", "te", "keep-alive"])
      expect(headers[name], name).toBeUndefined();
    expect(headers.host).toBe(url.slice("http://".length));
  });

  it("may bring its key as a bearer, and then another Authorization is not ours to take", async () => {
    await gateway.send("/users/1", { token: key });
    expect(latest().headers.authorization).toBeUndefined();
    await gateway.send("/users/1", { key, headers: { authorization: "Basic dXNlcjpwYXNz" } });
    expect(latest().headers.authorization).toBe("Basic dXNlcjpwYXNz");
    await gateway.send("/users/1", { key, token: key });
    expect(latest().headers.authorization).toBeUndefined();
  });

  it("POST needs write, and brings its body", async () => {
    const sent = { method: "POST", key, body: '{"a":1}', headers: { "content-type": "application/json" } };
    expect((await gateway.send("/users", sent)).status).toBe(200);
    expect(latest()).toMatchObject({ method: "POST", url: "/users", body: '{"a":1}' });
    const { one } = gateway.world;
    const reader = await issueKey(one.tenantId, one.customer, {
      permissions: { read: true, write: false, admin: false },
    });
    const refused = await gateway.send("/users", { ...sent, key: reader.key });
    expect([refused.status, refused.json.error_code]).toEqual([403, "PERMISSION_DENIED"]);
    expect((await gateway.send("/users", { key: reader.key })).status).toBe(200);
  });
});

describe("who may not", () => {
  it.each([
    ["no credential", {}],
    ["an unknown key", { key: `ak_${"0".repeat(32)}` }],
    ["a key of another tenant", { key: "foreign" }],
  ])("401: %s, all alike", async (_what, sent: { key?: string }) => {
    const { two } = gateway.world;
    const given = sent.key === "foreign" ? { key: (await issueKey(two.tenantId, two.customer)).key } : sent;
    const answer = await gateway.send("/users/1", given);
    expect(answer.status).toBe(401);
    expect(answer.json).toMatchObject({
      error_code: "API_KEY_INVALID",
      path: "/users/1",
      detail: "The API key is missing, incomplete or unknown.",
    });
    expect(answer.headers["www-authenticate"]).toContain("ApiKey");
    expect(answer.headers["x-ratelimit-limit"]).toBeDefined();
  });

  it("401 in the partner format", async () => {
    const answer = await gateway.send("/todos/1");
    expect([answer.status, answer.json]).toEqual([
      401,
      { detail: { error: "Unauthorized", message: "Could not validate credentials" } },
    ]);
    expect(answer.headers["content-type"]).toBe("application/json");
  });

  it("403: a service the account was not given, with those it was", async () => {
    const { one } = gateway.world;
    await sql("UPDATE accounts SET all_services = false WHERE id = $1", [one.stranger]);
    await sql("INSERT INTO account_services (tenant_id, account_id, service_id) VALUES ($1, $2, $3)", [
      one.tenantId,
      one.stranger,
      ids.users?.serviceId,
    ]);
    const stranger = await issueKey(one.tenantId, one.stranger);
    expect((await gateway.send("/users/1", { key: stranger.key })).status).toBe(200);
    const answer = await gateway.send("/todos/1", { key: stranger.key });
    expect([answer.status, answer.json]).toEqual([
      403,
      {
        detail: {
          error: "Forbidden",
          message: "Your API key does not have access to the 'todos' service",
          allowed_services: ["users"],
        },
      },
    ]);
    expect(await rowOf(answer.headers["x-request-id"])).toMatchObject({
      status: 403,
      error_code: "SERVICE_NOT_ALLOWED",
      account_id: one.stranger,
    });
  });

  it("403: a service the key was narrowed away from", async () => {
    const { one } = gateway.world;
    const narrow = await issueKey(one.tenantId, one.customer, { service_ids: [ids.todos?.serviceId ?? ""] });
    expect((await gateway.send("/users/1", { key: narrow.key })).json.error_code).toBe("SERVICE_NOT_ALLOWED");
    expect((await gateway.send("/todos/1", { key: narrow.key })).status).toBe(200);
  });

  it("403: a scope the route asks for and the key lacks", async () => {
    const { one } = gateway.world;
    const narrow = await issueKey(one.tenantId, one.customer, { scopes: ["invoices:read"] });
    expect((await gateway.send("/scoped", { key: narrow.key })).json).toMatchObject({
      error_code: "INSUFFICIENT_SCOPE",
      required_scopes: ["customer:read"],
    });
    const wide = await issueKey(one.tenantId, one.customer, { scopes: ["customer:read"] });
    expect((await gateway.send("/scoped", { key: wide.key })).status).toBe(200);
    expect(latest().headers["x-scopes"]).toBe("customer:read");
  });

  it("503: a service that is switched off", async () => {
    expect((await gateway.send("/off", { key })).json).toMatchObject({
      status: 503,
      error_code: "UPSTREAM_UNAVAILABLE",
    });
    expect((await gateway.send("/off")).status).toBe(401);
  });

  it("405 names the methods, 404 what is no route", async () => {
    const method = await gateway.send("/cors", { method: "DELETE", key });
    expect([method.status, method.headers.allow]).toEqual([405, "GET, HEAD"]);
    const missing = await gateway.send("/nothing", { key });
    expect([missing.status, missing.json.error_code]).toEqual([404, "ROUTE_NOT_FOUND"]);
  });
});

describe("limits", () => {
  it("429: exactly after as many as there are, with one truth in header and body", async () => {
    const { one } = gateway.world;
    const few = await issueKey(one.tenantId, one.customer, {
      limits: [{ algorithm: "sliding_window", limit: 3, window_seconds: 60 }],
    });
    const answers = [];
    for (let call = 0; call < 5; call++) answers.push(await gateway.send("/users/1", { key: few.key }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
    expect(answers.map(({ headers }) => headers["x-ratelimit-remaining"])).toEqual(["2", "1", "0", "0", "0"]);
    const refused = answers[3] ?? expect.fail();
    const wait = Number(refused.headers["retry-after"]);
    expect(refused.json).toMatchObject({
      error_code: "RATE_LIMIT_EXCEEDED",
      retry_after: wait,
      detail: `Rate limit exceeded. Try again in ${wait} seconds.`,
    });
    expect(refused.rawHeaders.filter((name) => /^x-ratelimit-limit$/i.test(name))).toHaveLength(1);
    expect(await rowOf(refused.headers["x-request-id"])).toMatchObject({
      status: 429,
      error_code: "RATE_LIMIT_EXCEEDED",
      api_key_id: few.id,
      attempts: 0,
    });
  });

  it("429 in the partner format says the limit in its words", async () => {
    const { one } = gateway.world;
    const few = await issueKey(one.tenantId, one.customer, {
      limits: [{ algorithm: "sliding_window", limit: 1, window_seconds: 60 }],
    });
    await gateway.send("/todos/1", { key: few.key });
    const answer = await gateway.send("/todos/1", { key: few.key });
    expect(answer.json).toEqual({
      detail: {
        error: "Too Many Requests",
        message: "Rate limit exceeded. Limit: 1 requests per 60 seconds",
        retry_after: Number(answer.headers["retry-after"]),
      },
    });
  });

  it("a route's own limit counts callers without a key by their network", async () => {
    const statuses = [];
    for (let call = 0; call < 3; call++) statuses.push((await gateway.send("/limited")).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await gateway.send("/free")).headers["x-ratelimit-limit"]).toBeUndefined();
  });
});

describe("one origin, many owners", () => {
  it("the portal's paths are never a route's, in no spelling", async () => {
    for (const path of ["/keys/1", "/Keys/1", "/%6beys/1", "/keys"]) {
      expect((await gateway.send(path, { on: "portal" })).json, path).toHaveProperty("next");
      expect((await gateway.send(path)).status, path).toBe(path.includes("K") ? 404 : 200);
    }
  });

  it("a gateway that is not served there is not there", async () => {
    expect((await gateway.send("/hidden", { on: "portal" })).json).toEqual({ next: "/hidden" });
    expect((await gateway.send("/hidden")).json).toMatchObject({ url: "/hidden" });
  });

  it("answers there cannot act as the portal's page", async () => {
    answerHeaders = {
      "set-cookie": ["portico.session.3999=stolen; Path=/", "__Host-portico.csrf.1=x", "Theme=dark"],
      "clear-site-data": '"*"',
      "service-worker-allowed": "/",
      "strict-transport-security": "max-age=1",
      "content-security-policy": "default-src *",
    };
    const there = await gateway.send("/open/1", { on: "portal" });
    expect(there.headers["set-cookie"]).toEqual(["Theme=dark"]);
    expect(there.headers["content-security-policy"]).toBe("default-src *, sandbox");
    expect(there.headers["x-content-type-options"]).toBe("nosniff");
    for (const name of ["clear-site-data", "service-worker-allowed", "strict-transport-security"])
      expect(there.headers[name], name).toBeUndefined();
    const here = await gateway.send("/open/1");
    expect(here.headers["set-cookie"]).toEqual(["Theme=dark"]);
    expect(here.headers["content-security-policy"]).toBe("default-src *");
    expect(here.headers["strict-transport-security"]).toBe("max-age=1");
  });

  it("the portal's cookies stay with the portal", async () => {
    await gateway.send("/open/1", {
      headers: { cookie: "a=1; portico.session.3999=secret; __Host-portico.csrf.3999=x; b=2" },
    });
    expect(latest().headers.cookie).toBe("a=1; b=2");
    await gateway.send("/open/1", { headers: { cookie: "portico.session.3999=secret" } });
    expect(latest().headers.cookie).toBeUndefined();
  });

  it("a domain is served for its owner alone, on both ports", async () => {
    for (const on of ["portal", "gateway"] as const) {
      expect((await gateway.send("/keys/1", { on, headers: { host: "API.isp.test:443" } })).json, on).toMatchObject({
        url: "/keys/1",
      });
      expect((await gateway.send("/healthz", { on, headers: { host: "api.isp.test" } })).json, on).toMatchObject({
        url: "/healthz",
      });
    }
    expect((await gateway.send("/healthz")).json).toEqual({ status: "ok" });
  });
});

describe("the path", () => {
  it("without its prefix, behind the service's own", async () => {
    expect((await gateway.send("/open/a/b?c=d")).json.url).toBe("/base/a/b?c=d");
    expect((await gateway.send("/open")).json.url).toBe("/base/");
    expect((await gateway.send("/open/")).json.url).toBe("/base/");
  });

  it.each([
    "/open/../users/1",
    "/open/%2e%2e/users/1",
    "/open/..%2fusers",
    "/open//evil",
    "/open/%00",
    "/open/..;/users",
  ])("400: %s", async (path) => {
    const before = arrived.length;
    expect((await gateway.send(path)).status).toBe(400);
    expect(arrived.length).toBe(before);
  });
});

describe("CORS", () => {
  it("answers a preflight itself, without a credential", async () => {
    const before = arrived.length;
    const headers = { origin: "https://customer.isp.com", "access-control-request-method": "GET" };
    const answer = await gateway.send("/cors", { method: "OPTIONS", headers });
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      "access-control-allow-origin": "https://customer.isp.com",
      "access-control-allow-methods": "GET, POST",
      "access-control-allow-credentials": "true",
      "access-control-max-age": "86400",
      vary: "Origin",
    });
    expect(arrived.length).toBe(before);
  });

  it("tells a stranger's page nothing, and lets a known page read refusals too", async () => {
    const stranger = await gateway.send("/cors", {
      method: "OPTIONS",
      headers: { origin: "https://evil.test", "access-control-request-method": "GET" },
    });
    expect([stranger.status, stranger.headers["access-control-allow-origin"]]).toEqual([204, undefined]);
    const refused = await gateway.send("/cors", { headers: { origin: "https://customer.isp.com" } });
    expect(refused.status).toBe(401);
    expect(refused.headers["access-control-allow-origin"]).toBe("https://customer.isp.com");
    expect(refused.headers["access-control-expose-headers"]).toContain("X-Total");
  });

  it("replaces what the upstream says about it", async () => {
    answerHeaders = { "access-control-allow-origin": "*" };
    const answer = await gateway.send("/cors", { key, headers: { origin: "https://customer.isp.com" } });
    expect(answer.headers["access-control-allow-origin"]).toBe("https://customer.isp.com");
  });
});

describe("a change", () => {
  it("is served within a second: a new route, a changed one, a deleted one", async () => {
    const { routeId } = await gateway.publish({ path: "/new", url, policies: [allow] });
    await withinOneSecond(async () => (await gateway.send("/new")).status === 200);
    await sql("UPDATE routes SET path = '/newer' WHERE id = $1", [routeId]);
    await sql("SELECT pg_notify('portico', $1)", [JSON.stringify({ kind: "gateway", id: routeId })]);
    await withinOneSecond(async () => (await gateway.send("/newer")).status === 200);
    expect((await gateway.send("/new")).status).toBe(404);
  });

  it("is served within a second even when it could not be heard", async () => {
    const { routeId } = await gateway.publish({ path: "/unheard", url, policies: [allow] });
    await withinOneSecond(async () => (await gateway.send("/unheard")).status === 200);
    const admin = new pg.Client({ connectionString: gateway.api.env.DATABASE_URL });
    await admin.connect();
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'portico listen' AND datname = current_database()`,
    );
    await admin.query("DELETE FROM routes WHERE id = $1", [routeId]); // and nobody is told
    await admin.end();
    await withinOneSecond(async () => (await gateway.send("/unheard")).status === 404);
  });

  it("a revoked key is refused within a second, and its owner sees the call", async () => {
    const { one } = gateway.world;
    const issued = await issueKey(one.tenantId, one.customer);
    expect((await gateway.send("/users/1", { key: issued.key })).status).toBe(200);
    await sql("UPDATE api_keys SET status = 'revoked', revoked_at = now() WHERE id = $1", [issued.id]);
    await sql("SELECT pg_notify('portico', $1)", [JSON.stringify({ kind: "key", id: issued.id })]);
    await withinOneSecond(async () => (await gateway.send("/users/1", { key: issued.key })).status === 401);
    const answer = await gateway.send("/users/1", { key: issued.key, headers: { "x-request-id": newId("req") } });
    expect(answer.json.error_code).toBe("API_KEY_REVOKED");
    expect(await rowOf(answer.headers["x-request-id"])).toMatchObject({
      api_key_id: issued.id,
      account_id: one.customer,
      trace: [900, 112],
    });
  });
});
