import { readFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#test/database";
import { type Launch, startProduct } from "#test/product";
import { createTestRedis } from "#test/redis";
import { type RecordingUpstream, startUpstream } from "#test/upstream";

/** Two whole products, as two machines would run them: one database, one Redis, over real HTTP. */
let database: TestDatabase;
let products: [Launch, Launch];
let client: pg.Client;
let demoKey: string;

const secrets = Object.fromEntries(
  ["AUTH_SECRET", "KEY_PEPPER", "ENCRYPTION_KEY"].map((name) => [name, `${name}, at least thirty-two bytes of it`]),
);

beforeAll(async () => {
  database = await createTestDatabase();
  const env = {
    DATABASE_URL: database.url,
    REDIS_URL: await createTestRedis(),
    ...secrets,
    TRUSTED_PROXIES: "",
  };
  const first = await startProduct({ env });
  products = [first, await startProduct({ env })];
  demoKey = JSON.parse(readFileSync(join(first.dataDir, "demo-keys.json"), "utf8")).customer;
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
}, 300_000);

afterAll(async () => {
  await client?.end();
  for (const product of products ?? []) await product.stop();
  await database?.drop();
}, 60_000);

interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** node:http, not fetch: the path goes out exactly as written. */
function send(
  product: Launch,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | Buffer,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(product.url);
    const outgoing = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

const api = "/api/v1/api-management";
const json = { "content-type": "application/json" };
const withKey = (key: string) => ({ "x-api-key": key });
const eventually = async (isTrue: () => Promise<boolean>, withinMs: number) => {
  const startedMs = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - startedMs > withinMs) throw new Error(`It was not so within ${withinMs} ms.`);
    await sleep(20);
  }
};

async function newKey(body: object): Promise<{ id: string; key: string }> {
  const reply = await send(
    products[0],
    "POST",
    `${api}/keys`,
    { ...withKey(demoKey), ...json },
    JSON.stringify({ name: "Test", ...body }),
  );
  expect(reply.status, reply.text).toBe(201);
  return JSON.parse(reply.text);
}

/**
 * 600 calls at once with a key of 137. On a machine so starved that Redis did not answer in time, processes count alone and say so
 * in a header; such a round says nothing about sharing and is run again.
 */
async function sharedReplies(algorithm: string): Promise<Reply[]> {
  for (let round = 0; round < 3; round++) {
    const { key } = await newKey({ limits: [{ algorithm, limit: 137, window_seconds: 3600 }] });
    const calls = Array.from({ length: 600 }, (_, n) =>
      send(products[n % 2 ? 1 : 0], "GET", `${api}/whoami`, withKey(key)),
    );
    const replies = await Promise.all(calls);
    if (replies.every(({ headers }) => headers["x-ratelimit-degraded"] === undefined)) return replies;
  }
  throw new Error("Redis did not answer in time in three rounds.");
}

describe("two processes that share Redis", () => {
  it.each(["sliding_window", "fixed_window"])(
    "admit exactly the limit of a %s under 600 concurrent calls",
    async (algorithm) => {
      const replies = await sharedReplies(algorithm);
      const admitted = replies.filter(({ status }) => status === 200);
      expect(replies.filter(({ status }) => status !== 200 && status !== 429)).toEqual([]);
      expect(admitted).toHaveLength(137);
      const remaining = admitted.map(({ headers }) => Number(headers["x-ratelimit-remaining"])).sort((a, b) => a - b);
      expect(remaining).toEqual(Array.from({ length: 137 }, (_, n) => n));
    },
  );

  it("refuse a revoked key within a second of the answer, in the process that was not asked", async () => {
    const { id, key } = await newKey({});
    expect((await send(products[1], "GET", `${api}/whoami`, withKey(key))).status).toBe(200);
    expect((await send(products[0], "PUT", `${api}/keys/${id}/revoke`, withKey(demoKey))).status).toBe(200);
    await eventually(async () => (await send(products[1], "GET", `${api}/whoami`, withKey(key))).status === 401, 1_000);
    expect(JSON.parse((await send(products[1], "GET", `${api}/whoami`, withKey(key))).text).error_code).toBe(
      "API_KEY_REVOKED",
    );
  });
});

describe("two gateways that share Redis and configuration", () => {
  const gatewayOf = (product: Launch): Launch => ({ ...product, url: product.gatewayUrl });
  let upstream: RecordingUpstream;
  let operator: Record<string, string>;
  let routes: string;
  let policyId: string;
  let serviceId: string;

  async function manage(method: string, path: string, body?: object): Promise<{ id: string }> {
    const reply = await send(products[0], method, `${api}/${path}`, { ...operator, ...json }, JSON.stringify(body));
    expect(reply.status, reply.text).toBeLessThan(300);
    return reply.text === "" ? { id: "" } : JSON.parse(reply.text);
  }
  const publish = (path: string) => manage("POST", routes, { path, service_id: serviceId, policy_ids: [policyId] });
  const callsOf = (path: string, key: string) => (product: Launch) =>
    send(gatewayOf(product), "GET", path, withKey(key));

  beforeAll(async () => {
    upstream = await startUpstream((req, res) => res.end(req.url));
    const login = { email: "operator@portico.localhost", password: "portico-demo" };
    const signedIn = await send(products[0], "POST", `${api}/auth/login`, json, JSON.stringify(login));
    operator = { authorization: `Bearer ${JSON.parse(signedIn.text).access_token}` };
    serviceId = (await manage("POST", "services", { name: "shared", base_url: upstream.url })).id;
    const unlimited = { name: "Unlimited", kind: "rate_limit", configuration: { limits: [] } };
    policyId = (await manage("POST", "policies", unlimited)).id;
    routes = `gateways/${(await manage("POST", "gateways", { name: "Shared" })).id}/routes`;
    await publish("/shared/*");
  }, 60_000);
  afterAll(() => upstream?.close());

  it("admit exactly a key's limit through the proxied path, and pass on exactly those", async () => {
    const { key } = await newKey({});
    const call = callsOf("/shared/warm", key);
    await eventually(async () => (await call(products[1])).status === 200, 1_000);
    for (let round = 0; round < 3; round++) {
      const limited = await newKey({ limits: [{ algorithm: "sliding_window", limit: 137, window_seconds: 3600 }] });
      const before = upstream.requests.length;
      const one = callsOf("/shared/1", limited.key);
      const replies = await Promise.all(Array.from({ length: 600 }, (_, n) => one(products[n % 2 ? 1 : 0])));
      if (replies.some(({ headers }) => headers["x-ratelimit-degraded"] !== undefined)) continue; // see sharedReplies
      const statuses = Map.groupBy(replies, ({ status }) => status);
      expect([...statuses].map(([status, all]) => [status, all.length]).sort()).toEqual([
        [200, 137],
        [429, 463],
      ]);
      expect(upstream.requests.length - before).toBe(137);
      return;
    }
    throw new Error("Redis did not answer in time in three rounds.");
  }, 60_000);

  it("the other one refuses a revoked key, serves a new route, and no longer a removed one, within a second", async () => {
    const { id, key } = await newKey({});
    const [told, other] = products;
    const route = await publish("/changing/*");
    const changing = callsOf("/changing/1", key);
    await eventually(async () => (await changing(other)).status === 200, 1_000);
    await manage("PUT", `${routes}/${route.id}`, { path: "/changed/*" });
    await eventually(async () => (await changing(other)).status === 404, 1_000);
    const changed = callsOf("/changed/1", key);
    expect((await changed(other)).text).toBe("/changed/1");
    expect((await send(told, "PUT", `${api}/keys/${id}/revoke`, withKey(demoKey))).status).toBe(200);
    await eventually(async () => (await changed(other)).status === 401, 1_000);
    expect(JSON.parse((await changed(other)).text).error_code).toBe("API_KEY_REVOKED");
  });
});

describe("the edge before Next", () => {
  it("aliases of S1 reach the handlers through the middleware, trailing slash and body kept", async () => {
    const created = await send(
      products[0],
      "POST",
      "/api/management/keys/",
      { ...withKey(demoKey), ...json },
      '{"name":"Production Key","rate_limit_per_minute":100}',
    );
    expect(created.status).toBe(201);
    const { id } = JSON.parse(created.text);
    const got = await send(products[0], "GET", `/api/management/keys/${id}/`, withKey(demoKey));
    expect(got.status).toBe(200);
    expect(got.headers["x-ratelimit-limit"]).toBeDefined();
    const refused = await send(products[0], "GET", "/api/management/keys/");
    expect(JSON.parse(refused.text)).toMatchObject({ status: 401, path: "/api/management/keys/" });
    expect((await send(products[0], "DELETE", `/api/management/keys/${id}/`, withKey(demoKey))).status).toBe(204);
  });

  it.each([
    "/api/v1/api-management/%zz",
    "/api/v1//keys",
    "/api/v1/%2e%2e/admin",
    "/api/v1/a%2fb",
    "/api/v1/../keys",
    "/api/v1/a%5cb",
    "/api/v1/%00",
  ])("400 problem: %s", async (path) => {
    const reply = await send(products[0], "GET", path, withKey(demoKey));
    expect(reply).toMatchObject({ status: 400, headers: { "content-type": "application/problem+json" } });
    expect(JSON.parse(reply.text)).toMatchObject({
      error_code: "BAD_REQUEST",
      request_id: reply.headers["x-request-id"],
    });
  });

  it("clients cannot get past the middleware or speak for a proxy with headers", async () => {
    const forged = {
      "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware",
      "x-middleware-next": "1",
      "x-forwarded-for": "198.51.100.1",
      "x-real-ip": "198.51.100.1",
      forwarded: "for=198.51.100.1",
      "x-portico-trace": "1,2,3",
    };
    expect((await send(products[0], "GET", `${api}/whoami`, forged)).status).toBe(401);
    const { id, key } = await newKey({});
    await send(products[0], "GET", `${api}/whoami`, { ...forged, ...withKey(key) });
    const rows = async () =>
      (await client.query("SELECT ip_address, trace[1] AS first FROM usage_events WHERE api_key_id = $1", [id])).rows;
    await eventually(async () => (await rows()).length === 1, 3_000);
    expect(await rows()).toEqual([{ ip_address: "127.0.0.1", first: 100 }]);
  });

  it("401 from the middleware in the format of its path: /admin/partners", async () => {
    const reply = await send(products[0], "POST", "/admin/partners/", json, "{}");
    expect(reply.status).toBe(401);
    expect(JSON.parse(reply.text)).toEqual({
      detail: { error: "Unauthorized", message: "Could not validate credentials" },
    });
    expect(reply.headers["x-ratelimit-limit"]).toBe("120");
  });

  it.each(["/oauth/token", "/api/v1/anything"])("401 from the middleware: %s", async (path) => {
    const reply = await send(products[0], "POST", path, json, "{}");
    expect(JSON.parse(reply.text)).toMatchObject({ status: 401, error_code: "API_KEY_INVALID", path });
    expect(reply.headers["x-ratelimit-limit"]).toBe("120");
  });

  it("413 for a chunked body of 1 MiB and a byte, which has no Content-Length to trust", async () => {
    const reply = await send(
      products[0],
      "POST",
      `${api}/keys`,
      { ...withKey(demoKey), ...json, "transfer-encoding": "chunked" },
      Buffer.alloc(1024 * 1024 + 1, " "),
    );
    expect(JSON.parse(reply.text)).toMatchObject({ status: 413, error_code: "PAYLOAD_TOO_LARGE" });
    await sleep(500); // the rest of the body is cut off meanwhile, which must not end the server
    expect((await send(products[0], "GET", "/healthz")).status).toBe(200);
  });

  it("HEAD is answered as GET without a body, OPTIONS and TRACE are refused in words", async () => {
    const head = await send(products[0], "HEAD", `${api}/whoami`, withKey(demoKey));
    expect(head).toMatchObject({ status: 200, text: "" });
    for (const method of ["OPTIONS", "TRACE", "PATCH"]) {
      const reply = await send(products[0], method, `${api}/whoami`, withKey(demoKey));
      expect(reply.status).toBe(405);
      expect(JSON.parse(reply.text).error_code).toBe("METHOD_NOT_ALLOWED");
    }
  });

  it("upgrades nobody serves are refused, and the socket closed", async () => {
    const { port } = new URL(products[0].url);
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      const socket = connect(Number(port), "127.0.0.1", () =>
        socket.write(
          "GET /somewhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        ),
      );
      socket.on("data", (chunk) => (text += chunk));
      socket.on("close", () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  });
});

describe("kill -9 of the server under load", () => {
  it("loses no call that was answered, counts none twice, and its sums are its rows", async () => {
    const [, victim] = products;
    const { id, key } = await newKey({
      limits: [{ algorithm: "sliding_window", limit: 1_000_000, window_seconds: 60 }],
    });
    let sent = 0;
    let answered = 0;
    const isDead = victim.exited.then(() => true);
    const load = Array.from({ length: 8 }, async () => {
      for (let n = 0; n < 2_000; n++) {
        sent += 1;
        const reply = await send(victim, "GET", `${api}/whoami`, withKey(key)).catch(() => null);
        if (reply === null) return;
        answered += 1;
      }
    });
    await sleep(1_500);
    process.kill(victim.serverPid(), "SIGKILL");
    await Promise.all(load);
    await isDead;
    // A server of the same DATA_DIR adopts what the dead one had spooled.
    products[1] = await startProduct({
      dataDir: victim.dataDir,
      env: { DATABASE_URL: database.url, ...secrets },
    });
    const rows = async () =>
      Number((await client.query("SELECT count(*) FROM usage_events WHERE api_key_id = $1", [id])).rows[0].count);
    await eventually(async () => (await rows()) >= answered, 30_000);
    await sleep(500);
    const [{ distinct, sum }] = (
      await client.query(
        `SELECT (SELECT count(DISTINCT request_id) FROM usage_events WHERE api_key_id = $1) AS distinct,
                (SELECT sum(requests) FROM usage_sums WHERE api_key_id = $1 AND period = 'minute') AS sum`,
        [id],
      )
    ).rows;
    const stored = await rows();
    expect(answered).toBeGreaterThan(50);
    expect(stored).toBeGreaterThanOrEqual(answered);
    expect(stored).toBeLessThanOrEqual(sent);
    expect(Number(distinct)).toBe(stored);
    expect(Number(sum)).toBe(stored);
  }, 240_000);
});
