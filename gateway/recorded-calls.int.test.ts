import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runtime } from "#lib/platform/runtime";
import { type AnsweredCall, openTestGateway, type TestGateway } from "#test/gateway";
import { sql } from "#test/identity";
import { openRawClient } from "#test/raw-client";
import { type RecordingUpstream, startUpstream } from "#test/upstream";
import { issueKey } from "#test/world";

let gateway: TestGateway;
let upstream: RecordingUpstream;
let key: string;

const allow = { kind: "authentication", configuration: { accept: ["anonymous"], required_scopes: [] } };
const unlimited = { kind: "rate_limit", configuration: { limits: [], count_by: "api_key" } };
const cors = {
  ...{ allowed_origins: ["*"], allowed_methods: ["GET"], allowed_headers: [], exposed_headers: [] },
  ...{ allow_credentials: false, max_age: 600 },
};

beforeAll(async () => {
  upstream = await startUpstream((req, res) => {
    if (req.url === "/cut") req.on("data", () => req.socket.destroy());
    else res.writeHead(req.url === "/missing" ? 404 : 200).end("a text");
  });
  gateway = await openTestGateway();
  const { one, two } = gateway.world;
  await gateway.publish({ path: "/users/*", url: upstream.url });
  await gateway.publish({ path: "/cut", url: upstream.url });
  for (const path of ["/missing", "/pages"])
    await gateway.publish({
      ...{ path, url: upstream.url, policies: [allow, unlimited] },
      gateway: { cors: JSON.stringify(cors) },
    });
  await gateway.publish({
    ...{ path: "/mine", url: upstream.url, policies: [allow], tenantId: two.tenantId },
    gateway: { domains: ["api.two.test"], error_format: "partner", serve_on_portal: false },
  });
  key = (await issueKey(one.tenantId, one.customer)).key;
  await gateway.start();
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

async function rowOf({ headers }: Pick<AnsweredCall, "headers">): Promise<Record<string, unknown>> {
  await runtime().usage.shipped(2_000);
  const rows = await sql("SELECT * FROM usage_events WHERE request_id = $1", [headers["x-request-id"]]);
  expect(rows).toHaveLength(1);
  return rows[0] ?? {};
}

/** Rows, and requests in the sums, of an endpoint. */
async function countsOf(endpoint: string): Promise<{ rows: number; requests: number }> {
  await runtime().usage.shipped(2_000);
  const [rows] = await sql("SELECT count(*)::int AS count FROM usage_events WHERE endpoint = $1", [endpoint]);
  const [sums] = await sql(
    "SELECT coalesce(sum(requests), 0)::int AS count FROM usage_sums WHERE endpoint = $1 AND period = 'minute'",
    [endpoint],
  );
  return { rows: Number(rows?.count), requests: Number(sums?.count) };
}

async function refusalsOf(code: string): Promise<number> {
  const metrics = await runtime().metrics.read();
  const refusals = metrics.find(({ name }) => name === "portico_gateway_refusals_total");
  return refusals?.values.find(({ labels }) => labels?.code === code)?.value ?? 0;
}

describe("what no route takes", () => {
  it("on a domain is its owner's to see, in the format its clients read", async () => {
    const answer = await gateway.send("/none", { headers: { host: "api.two.test" } });
    expect([answer.status, answer.json]).toEqual([
      404,
      { detail: { error: "Route not found", message: "No route of this host has this path." } },
    ]);
    expect(await rowOf(answer)).toMatchObject({
      ...{ tenant_id: gateway.world.two.tenantId, status: 404, error_code: "ROUTE_NOT_FOUND", trace: [910] },
    });
  });

  it("on a host that is nobody's is nobody's", async () => {
    const answer = await gateway.send("/none");
    expect(answer.json).toMatchObject({ error_code: "ROUTE_NOT_FOUND", status: 404 });
    expect(await rowOf(answer)).toMatchObject({ tenant_id: "unknown", status: 404 });
  });

  it("is counted for the metrics too", async () => {
    const before = await refusalsOf("ROUTE_NOT_FOUND");
    await gateway.send("/none");
    expect(await refusalsOf("ROUTE_NOT_FOUND")).toBe(before + 1);
  });

  it.each([
    ["an upgrade", "api.two.test", ["Connection: Upgrade", "Upgrade: websocket"]],
    ["an upgrade to nobody", "g", ["Connection: Upgrade", "Upgrade: websocket"]],
  ])("%s is counted as well", async (_what, host, lines) => {
    const id = `stray-${host}`;
    const message = ["GET /none HTTP/1.1", `Host: ${host}`, `X-Request-Id: ${id}`, ...lines, "", ""].join("\r\n");
    expect(await (await openRawClient(gateway.gatewayPort, message)).closed()).toMatch(/^HTTP\/1\.1 404 /);
    await rowOf({ headers: { "x-request-id": id } });
  });
});

describe("what admission refuses", () => {
  it.each([
    ["gateway", "g", "unknown"],
    ["gateway", "api.two.test", "two"],
    ["portal", "api.two.test", "two"],
  ] as const)("is recorded (%s's port, host %s)", async (on, host, owner) => {
    const answer = await gateway.send("/a/../b", { on, headers: { host } });
    expect(answer.status).toBe(400);
    const tenant = owner === "two" ? gateway.world.two.tenantId : owner;
    expect(await rowOf(answer)).toMatchObject({ tenant_id: tenant, status: 400, error_code: "BAD_REQUEST" });
    expect(answer.headers["content-type"]).toBe(owner === "two" ? "application/json" : "application/problem+json");
  });

  it("closes where what follows cannot be trusted, and nothing that follows is answered", async () => {
    const message = "GET /a HTTP/1.1\r\nHost: g\r\nHost: h\r\n\r\nGET /none HTTP/1.1\r\nHost: g\r\n\r\n";
    const text = await (await openRawClient(gateway.gatewayPort, message)).closed();
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 400"]);
    expect(text).toMatch(/connection: close/i);
  });
});

describe("a call's record", () => {
  it("holds the bytes that went upstream before it failed", async () => {
    const answer = await gateway.send("/cut", { method: "POST", key, body: "0123456789" });
    expect(answer.json).toMatchObject({ error_code: "UPSTREAM_ERROR" });
    expect(await rowOf(answer)).toMatchObject({ status: 502, attempts: 1, request_bytes: "10" });
  });

  it("tells a missing credential from a wrong one", async () => {
    expect((await rowOf(await gateway.send("/users/1"))).trace).toEqual([900, 110]);
    expect((await rowOf(await gateway.send("/users/1", { key: "wrong" }))).trace).toEqual([900, 111]);
    expect((await rowOf(await gateway.send("/users/1", { token: "a.b.c" }))).trace).toEqual([900, 115]);
  });

  it("says that a call went round in circles", async () => {
    const via = Array.from({ length: 9 }, () => "1.1 portico").join(", ");
    const row = await rowOf(await gateway.send("/users/1", { key, headers: { via } }));
    expect(row).toMatchObject({ status: 502, attempts: 0 });
    expect((row.trace as number[]).at(-1)).toBe(1212);
  });
});

// Last: it uses up the rows that strangers get in a second.
describe("callers nobody knows", () => {
  it("whose calls went upstream have a row each, whatever it answered", async () => {
    await Promise.all(Array.from({ length: 50 }, () => gateway.send("/missing")));
    expect(await countsOf("/missing")).toEqual({ rows: 50, requests: 50 });
  });

  it("who only ask for a preflight are counted, and cannot fill the logs", async () => {
    const headers = { origin: "https://a.test", "access-control-request-method": "GET" };
    await Promise.all(Array.from({ length: 80 }, () => gateway.send("/pages", { method: "OPTIONS", headers })));
    const { rows, requests } = await countsOf("/pages");
    expect(requests).toBe(80);
    expect(rows).toBeLessThan(80);
  });
});
