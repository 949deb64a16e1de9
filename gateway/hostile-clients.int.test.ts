import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { composeRuntime, runtime } from "#lib/platform/runtime";
import type { LimitStore } from "#lib/rate-limits/limit-store";
import { openTestGateway, type TestGateway } from "#test/gateway";
import { sql } from "#test/identity";
import { openRawClient } from "#test/raw-client";
import { type RecordingUpstream, startUpstream } from "#test/upstream";
import { issueKey } from "#test/world";

let gateway: TestGateway;
let upstream: RecordingUpstream;
let limiter: LimitStore;
let key: string;
const uncaught: unknown[] = [];
const note = (error: unknown) => void uncaught.push(error);
const allow = { kind: "authentication", configuration: { accept: ["anonymous"], required_scopes: [] } };

beforeAll(async () => {
  for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, note);
  upstream = await startUpstream();
  gateway = await openTestGateway();
  limiter = runtime().limiter;
  await gateway.publish({ path: "/users/*", url: upstream.url });
  await gateway.publish({ path: "/open/*", url: upstream.url, policies: [allow] });
  await gateway.publish({
    ...{
      path: "/*",
      url: `${upstream.url}/base`,
      policies: [allow],
      route: { priority: -9, methods: ["GET", "OPTIONS"] },
    },
  });
  await gateway.publish({
    path: "/pages",
    url: upstream.url,
    gateway: { cors: JSON.stringify({ ...cors, allowed_origins: ["*"] }) },
  });
  await gateway.publish({ path: "/read", url: upstream.url, route: { methods: ["GET"] } });
  await gateway.publish({
    ...{ path: "/mine", url: upstream.url, policies: [allow], tenantId: gateway.world.two.tenantId },
    gateway: { domains: ["api.two.test"], serve_on_portal: false },
  });
  key = (await issueKey(gateway.world.one.tenantId, gateway.world.one.customer)).key;
  await gateway.start();
});

afterEach(() => {
  composeRuntime({ limiter });
  expect(uncaught.splice(0)).toEqual([]);
});

afterAll(async () => {
  for (const event of ["uncaughtException", "unhandledRejection"]) process.off(event, note);
  await gateway.close();
  await upstream.close();
});

const cors = {
  ...{ allowed_methods: ["GET"], allowed_headers: [], exposed_headers: [], allow_credentials: false, max_age: 600 },
};

/** Makes every decision about limits take a while, or fail at once. */
function limitsBy(evaluate: LimitStore["evaluate"]): void {
  composeRuntime({
    limiter: { evaluate, reset: (keys) => limiter.reset(keys), close: () => limiter.close() },
  });
}
const slowly = () => limitsBy((request) => sleep(60).then(() => limiter.evaluate(request)));

const rowsOf = async (path: string) => {
  await runtime().usage.shipped(2_000);
  return sql("SELECT status, error_code, method, attempts, trace FROM usage_events WHERE path = $1", [path]);
};

const head = (line: string, ...lines: string[]) => `${[line, "Host: g", ...lines].join("\r\n")}\r\n\r\n`;
const upgrade = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];

describe("a client that goes away while its call is checked", () => {
  it.each([
    ["ends", "end"],
    ["resets", "resetAndDestroy"],
  ] as const)("before a WebSocket is refused (%s): the process goes on, the call is recorded", async (how, close) => {
    slowly();
    const path = `/users/ws-refused-${how}`;
    const client = await openRawClient(gateway.gatewayPort, head(`GET ${path} HTTP/1.1`, ...upgrade));
    await sleep(20);
    client.socket[close]();
    await sleep(120);
    expect(await rowsOf(path)).toMatchObject([{ status: 401 }]);
    expect((await gateway.send("/open/still-there")).status).toBe(200);
  });

  it("before a WebSocket is passed on: nothing goes upstream, 499", async () => {
    slowly();
    const client = await openRawClient(
      gateway.gatewayPort,
      head("GET /users/ws-gone HTTP/1.1", ...upgrade, `X-API-Key: ${key}`),
    );
    await sleep(20);
    client.socket.resetAndDestroy();
    await sleep(120);
    expect(await rowsOf("/users/ws-gone")).toMatchObject([{ status: 499, attempts: 0 }]);
  });

  it("before the call is passed on: nothing goes upstream, 499", async () => {
    slowly();
    const client = await openRawClient(gateway.gatewayPort, head("GET /users/gone HTTP/1.1", `X-API-Key: ${key}`));
    await sleep(20);
    client.socket.resetAndDestroy();
    await sleep(120);
    const rows = await rowsOf("/users/gone");
    expect(rows).toMatchObject([{ status: 499, attempts: 0 }]);
    expect(String(rows[0]?.trace)).toMatch(/,1311,0$/);
    expect(upstream.requests.map(({ url }) => url)).not.toContain("/users/gone");
  });
});

describe("a step that throws", () => {
  it.each([
    [
      "at once",
      () => {
        throw new Error("a fault of ours");
      },
    ],
    ["later", () => Promise.reject(new Error("a fault of ours"))],
  ] as const)("%s: is one call's 500, recorded once", async (when, evaluate) => {
    limitsBy(evaluate);
    const path = `/users/throws-${when.replace(" ", "-")}`;
    expect((await gateway.send(path, { key })).json).toMatchObject({ status: 500, error_code: "INTERNAL_ERROR" });
    expect(await rowsOf(path)).toMatchObject([{ status: 500, error_code: "INTERNAL_ERROR" }]);
  });

  it("is a WebSocket's 500 too", async () => {
    limitsBy(() => {
      throw new Error("a fault of ours");
    });
    const client = await openRawClient(
      gateway.gatewayPort,
      head("GET /users/ws-throws HTTP/1.1", ...upgrade, `X-API-Key: ${key}`),
    );
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 500 /);
    expect(await rowsOf("/users/ws-throws")).toMatchObject([{ status: 500 }]);
  });
});

describe("a body that was announced, not sent", () => {
  const expectation = ["Expect: 100-continue", "Content-Length: 38"];

  it.each([
    ["401", head("POST /users/1 HTTP/1.1", ...expectation)],
    ["405", head("DELETE /read HTTP/1.1", ...expectation)],
    [
      "204",
      head("OPTIONS /pages HTTP/1.1", ...expectation, "Origin: https://a.test", "Access-Control-Request-Method: GET"),
    ],
    ["404", head("POST /none HTTP/1.1", ...expectation).replace("Host: g", "Host: api.two.test")],
    ["400", head("POST /a/../b HTTP/1.1", ...expectation)],
  ])("%s is the connection's last answer, and no 100 came before", async (status, message) => {
    const client = await openRawClient(gateway.gatewayPort, message);
    const text = await Promise.race([client.closed(), sleep(1_000, "still open")]);
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(text).toMatch(/\r\nconnection: close\r\n/i);
  });
});

describe("requests of odd kinds", () => {
  it("a preflight that offers an upgrade is answered as a preflight", async () => {
    const message = head(
      "OPTIONS /pages HTTP/1.1",
      ...upgrade,
      "Origin: https://a.test",
      "Access-Control-Request-Method: GET",
    );
    const client = await openRawClient(gateway.gatewayPort, message);
    expect(await client.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 204 /);
    client.socket.destroy();
  });

  it("an upgrade behind a call that is not answered yet does not answer in its place", async () => {
    slowly();
    const first = head("GET /users/first HTTP/1.1", `X-API-Key: ${key}`);
    const client = await openRawClient(gateway.gatewayPort, first + head("GET /users/second HTTP/1.1", ...upgrade));
    expect(await client.closed()).not.toContain("401");
  });

  it("OPTIONS * asks the server, never an upstream", async () => {
    for (const host of ["g", "api.two.test"]) {
      const answer = await gateway.send("*", { method: "OPTIONS", headers: { host } });
      expect([answer.status, answer.headers.allow], host).toEqual([204, expect.stringContaining("PATCH")]);
    }
    expect(upstream.requests.filter(({ method }) => method === "OPTIONS")).toEqual([]);
  });
});
