import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { inTenant } from "#lib/platform/db";
import { runtime } from "#lib/platform/runtime";
import { decisions } from "#lib/usage/decision-codes";
import { openApi, type TestApi } from "#test/api";
import { createWorld, issueKey, type World } from "#test/world";

let api: TestApi;
let world: World;
let key: string;
let keyId: string;
let otherKey: string;

beforeAll(async () => {
  api = await openApi();
  world = await createWorld();
});

beforeEach(async () => {
  const limits = [{ algorithm: "sliding_window" as const, limit: 1_000_000, window_seconds: 60 }];
  await runtime().postgres.platform.query("UPDATE api_keys SET status = 'revoked'"); // room for new ones
  ({ key, id: keyId } = await issueKey(world.one.tenantId, world.one.customer, { limits }));
  otherKey = (await issueKey(world.one.tenantId, world.one.customer, { limits })).key;
});

afterAll(() => api.close());

const post = (idempotencyKey: string, body: unknown, credential = key) =>
  api.call("POST", "keys", { key: credential, body, headers: { "idempotency-key": idempotencyKey } });
const keysNamed = async (name: string) =>
  (await runtime().postgres.platform.query("SELECT id FROM api_keys WHERE name = $1", [name])).rows.length;

describe("Idempotency-Key", () => {
  it("runs once: a repeat is answered as the first was, without the secret, and says so", async () => {
    const first = await post("order-1", { name: "Once" });
    const second = await post("order-1", { name: "Once" });
    const { key: secret, ...shown } = first.body;
    expect(second).toMatchObject({ status: 201, body: shown });
    expect(second.headers.get("idempotent-replayed")).toBe("true");
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    expect(second.text).not.toContain(secret);
    expect(await keysNamed("Once")).toBe(1);
    const { rows } = await runtime().postgres.platform.query("SELECT response::text AS text FROM idempotency_records");
    for (const { text } of rows) expect(text).not.toContain(secret);
  });

  it("40 in parallel: one effect; each answer is the one, a replay of it, or 409 while it runs", async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => post("race", { name: "Raced" })));
    expect(await keysNamed("Raced")).toBe(1);
    expect(
      answers.filter(({ status, headers }) => status === 201 && headers.get("idempotent-replayed") === null),
    ).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 201))
      expect(answer).toMatchObject({ status: 409, body: { error_code: "IDEMPOTENCY_CONFLICT" } });
  });

  it("422 for another body, two effects for another caller or key, none stored for a refusal", async () => {
    await post("order-2", { name: "Mismatch" });
    expect(await post("order-2", { name: "Other" })).toMatchObject({
      status: 422,
      body: { error_code: "IDEMPOTENCY_MISMATCH" },
    });
    expect((await post("order-2", { name: "Mismatch" }, otherKey)).headers.get("idempotent-replayed")).toBeNull();
    expect(await keysNamed("Mismatch")).toBe(2);
    expect((await post("order-3", { name: "" })).status).toBe(422);
    expect((await post("order-3", { name: "Mended" })).status).toBe(201);
    expect(await post("has a space", { name: "x" })).toMatchObject({
      status: 422,
      body: { errors: [{ in: "header" }] },
    });
  });
});

describe("an Idempotency-Key's scope", () => {
  it("is the request, whichever of its names it was sent to, and the account: nobody else can read the stored answer", async () => {
    const aliased = await api.call("POST", "keys", {
      key,
      body: { name: "Aliased" },
      headers: { "idempotency-key": "alias", "x-portico-sent-path": "/api/management/keys/" },
    });
    const again = await post("alias", { name: "Aliased" });
    expect(again).toMatchObject({ status: 201, body: { id: aliased.body.id } });
    expect(await keysNamed("Aliased")).toBe(1);
    const { tenantId, customer, stranger } = world.one;
    const readable = (reach: string) =>
      inTenant({ tenantId, reach }, (db) => db.idempotencyRecord.count({ where: { key: "alias" } }));
    expect([await readable(customer), await readable(stranger)]).toEqual([1, 0]);
  });
});

describe("bodies", () => {
  const send = (body: string, headers: Record<string, string> = {}) => api.call("POST", "keys", { key, body, headers });

  it.each([
    ["400: not JSON", "{name:1}", {}, 400, "BAD_REQUEST"],
    ["400: a byte order mark", '\ufeff{"name":"x"}', {}, 400, "BAD_REQUEST"],
    ["400: trailing garbage", '{"name":"x"}}', {}, 400, "BAD_REQUEST"],
    ["422: a list", "[]", {}, 422, "VALIDATION_FAILED"],
    ["422: nothing at all", "", {}, 422, "VALIDATION_FAILED"],
    ["415: a form", "name=x", { "content-type": "application/x-www-form-urlencoded" }, 415, "UNSUPPORTED_MEDIA_TYPE"],
    ["415: JSON said to be text", '{"name":"x"}', { "content-type": "text/plain" }, 415, "UNSUPPORTED_MEDIA_TYPE"],
    [
      "415: another charset",
      '{"name":"x"}',
      { "content-type": "application/json; charset=utf-7" },
      415,
      "UNSUPPORTED_MEDIA_TYPE",
    ],
    ["413: a byte over 1 MiB", `{"name":"${"x".repeat(1024 * 1024 - 10)}"}`, {}, 413, "PAYLOAD_TOO_LARGE"],
  ])("%s", async (_, body, headers, status, code) => {
    expect(await send(body, headers)).toMatchObject({ status, body: { error_code: code } });
  });

  it("400: bytes that are not UTF-8", async () => {
    const { POST } = await import("../../app/api/v1/api-management/keys/route.ts");
    const request = new Request("http://portal.test/api/v1/api-management/keys", {
      method: "POST",
      headers: { "x-api-key": key, "content-type": "application/json" },
      body: Uint8Array.from([0x22, 0xff, 0x22]),
    });
    expect((await POST(request, { params: Promise.resolve({}) })).status).toBe(400);
  });

  it("is read whole at exactly 1 MiB, and deep nesting costs next to nothing", async () => {
    const padding = " ".repeat(1024 * 1024 - '{"name":"x"}'.length);
    expect((await send(`{"name":"x"}${padding}`)).status).toBe(201);
    const startedMs = performance.now();
    expect((await send(`{"name":${"[".repeat(100_000)}${"]".repeat(100_000)}}`)).status).toBe(422);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});

describe("a browser's session", () => {
  const change = (headers: Record<string, string>) =>
    api.call("PUT", `keys/${keyId}`, { body: { name: "Changed" }, headers });
  let cookie: string;

  beforeAll(async () => {
    const { signIn } = await import("#test/browser-session");
    cookie = await signIn(world.one.tenantId, world.one.customer);
  });

  it("changes things only from our own origin; reading needs none", async () => {
    expect((await api.call("GET", "keys", { headers: { cookie } })).status).toBe(200);
    for (const origin of [
      undefined,
      "https://evil.test",
      "null",
      "http://portal.test.evil.test",
      "https://portal.test",
    ]) {
      expect(await change({ cookie, ...(origin && { origin }) })).toMatchObject({
        status: 403,
        body: { error_code: "PERMISSION_DENIED" },
      });
    }
    expect((await change({ cookie, origin: "http://portal.test" })).status).toBe(200);
    await runtime().usage.shipped(5_000);
    const { rows } = await runtime().postgres.platform.query(
      "SELECT trace FROM usage_events WHERE method = 'PUT' AND status = 403",
    );
    for (const { trace } of rows) expect(trace).toContain(decisions.origin_refused.code);
    expect(rows).toHaveLength(5);
  });
});

describe("GET /rate-limit of a person", () => {
  it("pages through every active key within reach, with its own counts", async () => {
    const { tenantId, reseller, customer } = world.two;
    const limits = [{ algorithm: "sliding_window" as const, limit: 10, window_seconds: 60 }];
    const made = [];
    for (const account of [reseller, customer, reseller]) made.push(await issueKey(tenantId, account, { limits }));
    for (let n = 0; n < 3; n++) await api.call("GET", "whoami", { key: made[1]?.key ?? "" });
    const { signIn } = await import("#test/browser-session");
    const cookie = await signIn(tenantId, reseller);
    const seen: { api_key_id: string; used: number }[] = [];
    let cursor = "";
    do {
      const { body } = await api.call("GET", `rate-limit?limit=2${cursor && `&cursor=${cursor}`}`, {
        headers: { cookie },
      });
      seen.push(...body.data);
      cursor = body.next_cursor ?? "";
    } while (cursor);
    const own = new Map(seen.map(({ api_key_id, used }) => [api_key_id, used]));
    expect(made.map(({ id }) => own.get(id))).toEqual([0, 3, 0]);
  });
});

describe("what the guard answers itself", () => {
  it("404 for a path nobody serves, 405 with Allow for a method it does not take, and 401 for strangers on both", async () => {
    expect(await api.call("GET", "/api/v1/nothing", { key })).toMatchObject({
      status: 404,
      body: { error_code: "NOT_FOUND", path: "/api/v1/nothing" },
    });
    const wrong = await api.call("PATCH", "keys", { key, body: {} });
    expect(wrong).toMatchObject({ status: 405, body: { error_code: "METHOD_NOT_ALLOWED" } });
    expect(wrong.headers.get("allow")).toBe("GET, HEAD, POST");
    expect((await api.call("GET", "/api/v1/nothing")).status).toBe(401);
    expect((await api.call("DELETE", "/admin/partners")).status).toBe(401);
  });

  it("a 429 of a stricter guard behind the public ones shows that guard's headers", async () => {
    const login = () =>
      api.call("POST", "auth/login", { body: { email: "nobody@example.com", password: "wrong" }, from: "203.0.113.5" });
    let answer = await login();
    while (answer.status === 401) answer = await login();
    expect(answer.status).toBe(429);
    expect(answer.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(Number(answer.headers.get("x-ratelimit-limit"))).toBeLessThan(100);
    expect(answer.headers.get("retry-after")).toBe(String(answer.body.retry_after));
  });

  it("limit headers are on every answer and agree with the body, whatever its status", async () => {
    const { key: limited } = await issueKey(world.one.tenantId, world.one.customer, {
      limits: [{ algorithm: "fixed_window", limit: 3, window_seconds: 3600 }],
    });
    const answers = [];
    for (const path of ["whoami", "keys/key_none", "keys?limit=0", "whoami"])
      answers.push(await api.call("GET", path, { key: limited }));
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 422, 429]);
    expect(answers.map(({ headers }) => headers.get("x-ratelimit-remaining"))).toEqual(["2", "1", "0", "0"]);
    for (const { headers } of answers) {
      expect(headers.get("x-ratelimit-limit")).toBe("3");
      expect(headers.get("x-ratelimit-window")).toBe("3600");
      expect(Number(headers.get("x-ratelimit-reset"))).toBeGreaterThan(Date.now() / 1000 - 2);
      expect(headers.get("ratelimit")).toMatch(/^"hour";r=\d;t=\d+$/);
      expect(headers.get("ratelimit-policy")).toBe('"hour";q=3;w=3600');
    }
    const refused = answers[3];
    const wait = Number(refused?.headers.get("retry-after"));
    expect(refused?.body).toMatchObject({
      error_code: "RATE_LIMIT_EXCEEDED",
      retry_after: wait,
      detail: `Rate limit exceeded. Try again in ${wait} seconds.`,
    });
    expect((await api.call("GET", "whoami")).headers.get("x-ratelimit-limit")).not.toBeNull(); // a stranger's address has one too
  });
});

describe("the record of a call", () => {
  it("of a person signed in is told apart from those of keys", async () => {
    const { tenantId, stranger } = world.two;
    const { key: strangersKey } = await issueKey(tenantId, stranger);
    const { signIn } = await import("#test/browser-session");
    const cookie = await signIn(tenantId, stranger);
    await api.call("GET", "whoami", { key: strangersKey });
    for (let n = 0; n < 3; n++) await api.call("GET", "keys", { headers: { cookie } });
    const totals = async (query: string) =>
      (await api.call("GET", `stats?management=include${query}`, { key: strangersKey })).body.total_requests;
    expect(await totals("&credential=api_key")).toBe(1);
    expect(await totals("")).toBe(5); // the look before was one too
  });

  it("counts the bytes that came, not those that were claimed", async () => {
    const { key: counted, id } = await issueKey(world.one.tenantId, world.one.customer);
    await api.call("GET", "whoami", { key: counted, headers: { "content-length": "999999999999999" } });
    await api.call("POST", "keys", { key: counted, body: '{"name":"1234567890"}' });
    await runtime().usage.shipped(5_000);
    const { rows } = await runtime().postgres.platform.query(
      "SELECT request_bytes FROM usage_events WHERE api_key_id = $1 ORDER BY occurred_at",
      [id],
    );
    expect(rows.map(({ request_bytes }) => Number(request_bytes))).toEqual([0, 21]);
  });

  it("is one row for every call, refused or answered, with what was decided", async () => {
    const { key: limited, id } = await issueKey(world.one.tenantId, world.one.customer, {
      limits: [{ algorithm: "fixed_window", limit: 3, window_seconds: 3600 }],
    });
    for (const [method, path] of [
      ["GET", "whoami"],
      ["GET", "keys/key_none"],
      ["DELETE", "keys"],
      ["GET", "whoami"],
    ] as const)
      await api.call(method, path, { key: limited });
    await runtime().usage.shipped(5_000);
    const { rows } = await runtime().postgres.platform.query(
      "SELECT status, error_code, endpoint, is_management, array_length(trace, 1) > 3 AS traced FROM usage_events WHERE api_key_id = $1 ORDER BY occurred_at, status",
      [id],
    );
    expect(rows.map(({ status, error_code }) => [status, error_code])).toEqual([
      [200, null],
      [404, "NOT_FOUND"],
      [405, "METHOD_NOT_ALLOWED"],
      [429, "RATE_LIMIT_EXCEEDED"],
    ]);
    expect(rows[1]).toMatchObject({
      endpoint: "/api/v1/api-management/keys/{key_id}",
      is_management: true,
      traced: true,
    });
    const listed = await api.call("GET", `usage?api_key_id=${id}`, { key });
    expect(listed.body.data[0].decisions.at(-1)).toMatch(/^Limits: 3 calls per 3600 s are used up/);
  });
});
