import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runtime } from "#lib/platform/runtime";
import { openApi, type Sent, type TestApi } from "#test/api";
import { createWorld, issueKey, type World } from "#test/world";

let api: TestApi;
let world: World;
/** Keys the requests are made with: one for each kind of caller. */
const callers: Record<"operator" | "reseller" | "customer" | "reader" | "stranger" | "foreign", string> = {} as never;

const noLimits = { limits: [{ algorithm: "sliding_window" as const, limit: 1_000_000, window_seconds: 60 }] };

beforeAll(async () => {
  api = await openApi();
  world = await createWorld();
  const { one, two } = world;
  const issue = async (tenantId: string, accountId: string, body = {}) =>
    (await issueKey(tenantId, accountId, { ...noLimits, ...body })).key;
  callers.operator = await issue(one.tenantId, one.internal, { permissions: { read: true, write: true, admin: true } });
  callers.reseller = await issue(one.tenantId, one.reseller);
  callers.customer = await issue(one.tenantId, one.customer);
  callers.reader = await issue(one.tenantId, one.customer, { permissions: { write: false } });
  callers.stranger = await issue(one.tenantId, one.stranger);
  callers.foreign = await issue(two.tenantId, two.customer);
});

afterAll(() => api.close());

const as = (caller: keyof typeof callers, body?: unknown): Sent => ({
  key: callers[caller],
  ...(body !== undefined && { body }),
});
const create = async (body: object = {}, caller: keyof typeof callers = "customer") =>
  (await api.call("POST", "keys", as(caller, { name: "Key", ...body }))).body;
const whoAmI = (key: string, from?: string) => api.call("GET", "whoami", { key, ...(from && { from }) });

const sqlCount = async (text: string, values: unknown[]) =>
  Number((await runtime().postgres.platform.query(text, values)).rows[0].count);

const narrowKey = () =>
  issueKey(world.one.tenantId, world.one.customer, {
    scopes: ["keys:write", "keys:read"],
    allowed_ips: ["192.0.2.0/24"],
    expires_at: "2098-01-01T00:00:00Z",
    limits: [{ algorithm: "sliding_window", limit: 500, window_seconds: 86_400 }],
  });

/** What a narrow key must not give, itself included. */
const widenings = [
  { scopes: ["usage:read"] },
  { allowed_ips: ["0.0.0.0/0"] },
  { expires_at: "2099-01-01T00:00:00Z" },
  { limits: [{ limit: 501, window_seconds: 86_400 }] },
  {
    limits: [
      { algorithm: "token_bucket", limit: 10, window_seconds: 86_400, burst: 1_000_000, refill_rate: 1_000_000 },
    ],
  },
];

describe("POST /keys", () => {
  it("201: answers with the secret once, never with its hash, and not to be cached", async () => {
    const answer = await api.call(
      "POST",
      "keys",
      as("customer", {
        name: "Customer Portal Key",
        description: "For the portal",
        permissions: { read: true, write: false, admin: false },
        rate_limit: 1000,
        rate_limit_period: "hour",
        expires_at: "2099-12-31T23:59:59Z",
      }),
    );
    expect(answer.status).toBe(201);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const { key, ...shown } = answer.body;
    expect(key).toMatch(/^ak_[a-zA-Z0-9]{32}$/);
    expect(shown).toMatchObject({
      status: "active",
      is_active: true,
      rate_limit: 1000,
      rate_limit_period: "hour",
      rate_limit_per_hour: 1000,
      rate_limit_per_minute: null,
      permissions: { read: true, write: false, admin: false },
      key_prefix: key.slice(0, 7),
      key_last4: key.slice(-4),
      customer_id: world.one.customer,
      expires_at: "2099-12-31T23:59:59.000Z",
    });
    const again = await api.call("GET", `keys/${shown.id}`, as("customer"));
    expect(again.text).not.toContain(key);
    expect(again.body).toEqual(shown);
    const stored = await runtime().postgres.platform.query(
      "SELECT row_to_json(k)::text AS text FROM api_keys k WHERE id = $1 UNION ALL SELECT row_to_json(a)::text FROM audit_entries a WHERE target_id = $1 UNION ALL SELECT row_to_json(e)::text FROM domain_events e WHERE data->>'id' = $1",
      [shown.id],
    );
    expect(stored.rowCount).toBe(3);
    for (const { text } of stored.rows) expect(text).not.toContain(key.slice(7, -4));
  });

  it("201: S1's body keeps the default of the windows it does not name; the small integer works as an id", async () => {
    const key = await create({ rate_limit_per_minute: 100 });
    const { rows: accounts } = await runtime().postgres.platform.query("SELECT number FROM accounts WHERE id = $1", [
      world.one.customer,
    ]);
    const byNumber = await api.call("GET", `keys?limit=200&account_id=${accounts[0].number}`, as("reseller"));
    expect(byNumber.text).toContain(key.id);
    expect(
      (await create({ account_id: world.one.customer, customer_id: accounts[0].number }, "reseller")).account_id,
    ).toBe(world.one.customer);
    expect(key).toMatchObject({ rate_limit_per_minute: 100, rate_limit_per_hour: 1000, rate_limit_per_day: 10_000 });
    expect((await api.call("GET", `keys/${key.number}`, as("customer"))).body.id).toBe(key.id);
    const customer = await runtime().postgres.platform.query("SELECT number FROM accounts WHERE id = $1", [
      world.one.customer,
    ]);
    expect((await create({ customer_id: customer.rows[0].number }, "reseller")).account_id).toBe(world.one.customer);
  });

  it("201: a reseller may create for its customer, an operator for anybody; 404 otherwise, and nothing is created", async () => {
    expect((await create({ account_id: world.one.customer }, "reseller")).account_id).toBe(world.one.customer);
    expect((await create({ account_id: world.one.stranger }, "operator")).account_id).toBe(world.one.stranger);
    const before = await sqlCount("SELECT count(*) FROM api_keys WHERE tenant_id = $1", [world.one.tenantId]);
    for (const [caller, account] of [
      ["reseller", world.one.stranger],
      ["customer", world.one.reseller],
      ["customer", world.two.customer],
      ["operator", world.two.customer],
    ] as const) {
      expect(await api.call("POST", "keys", as(caller, { name: "x", account_id: account }))).toMatchObject({
        status: 404,
        body: { error_code: "NOT_FOUND" },
      });
    }
    expect(await sqlCount("SELECT count(*) FROM api_keys WHERE tenant_id = $1", [world.one.tenantId])).toBe(before);
  });

  it("403: nobody grants more than they have", async () => {
    expect(await api.call("POST", "keys", as("customer", { name: "x", permissions: { admin: true } }))).toMatchObject({
      status: 403,
      body: { error_code: "PERMISSION_DENIED" },
    });
    expect(await api.call("POST", "keys", as("reader", { name: "x" }))).toMatchObject({ status: 403 });
  });

  it("a restricted key cannot mint one that is not; what it does not say is inherited, limits too", async () => {
    const narrow = await narrowKey();
    const child = await api.call("POST", "keys", { key: narrow.key, body: { name: "child" } });
    expect(child.body).toMatchObject({
      scopes: ["keys:write", "keys:read"],
      allowed_ips: ["192.0.2.0/24"],
      expires_at: "2098-01-01T00:00:00.000Z",
      limits: [{ algorithm: "sliding_window", limit: 500, window_seconds: 86_400 }],
    });
    for (const wider of [...widenings, { rate_limit: 500, rate_limit_period: "hour" }]) {
      expect(await api.call("POST", "keys", { key: narrow.key, body: { name: "child", ...wider } })).toMatchObject({
        status: 403,
        body: { error_code: "PERMISSION_DENIED" },
      });
    }
    expect(await api.call("GET", "usage", { key: narrow.key })).toMatchObject({ status: 403 }); // scopes narrow its own calls too
  });

  it("403: a restricted key cannot lift its own restrictions, nor take over a key that has none or more", async () => {
    const narrow = await narrowKey();
    for (const wider of [...widenings, { scopes: [] }, { allowed_ips: [] }, { expires_at: null }, { limits: null }]) {
      expect((await api.call("PUT", `keys/${narrow.id}`, { key: narrow.key, body: wider })).status).toBe(403);
    }
    const { one } = world;
    const free = await issueKey(one.tenantId, one.customer);
    const strong = await issueKey(one.tenantId, one.customer, { permissions: { admin: true } });
    await api.call("POST", `keys/${strong.id}/disable`, as("operator"));
    for (const [id, caller] of [
      [free.id, narrow.key],
      [strong.id, narrow.key],
      [strong.id, callers.customer],
    ] as const) {
      expect((await api.call("POST", `keys/${id}/regenerate`, { key: caller })).status).toBe(403);
      expect((await api.call("POST", `keys/${id}/enable`, { key: caller })).status).toBe(id === free.id ? 200 : 403);
      expect((await api.call("PUT", `keys/${id}`, { key: caller, body: { name: "Mine" } })).status).toBe(403);
    }
    expect((await api.call("GET", `keys/${strong.id}`, as("operator"))).body).toMatchObject({
      name: "Test key",
      status: "disabled",
      rotated_at: null,
    });
    expect((await api.call("POST", `keys/${narrow.id}/regenerate`, { key: narrow.key })).status).toBe(200);
    expect((await api.call("POST", `keys/${strong.id}/revoke`, as("customer"))).status).toBe(200); // ending one takes no power
  });

  it.each([
    ["an empty name", { name: " " }, "#/name"],
    ["a name of the wrong type", { name: { not: "" } }, "#/name"],
    ["an over-long name", { name: "x".repeat(101) }, "#/name"],
    ["a NUL", { name: "a\u0000b" }, "#/name"],
    ["half a surrogate pair", { name: "a\ud800b" }, "#/name"],
    ["an unknown field", { role: "super_admin" }, "#/role"],
    ["a number as text", { rate_limit: "1000" }, "#/rate_limit"],
    ["a huge number", { rate_limit: 1e300 }, "#/rate_limit"],
    ["a rate of zero", { rate_limit_per_minute: 0 }, "#/rate_limit_per_minute"],
    ["a past expiry", { expires_at: "2020-01-01T00:00:00Z" }, "#/expires_at"],
    ["an expiry that is no time", { expires_at: "tomorrow" }, "#/expires_at"],
    ["an address that is none", { allowed_ips: ["10.0.0.999"] }, "#/allowed_ips/0"],
    ["a service that is not there", { service_ids: [1] }, "#/service_ids/0"],
    ["a limit without its window", { limits: [{ limit: 5 }] }, "#/limits/0/window_seconds"],
  ])("422: %s, named at its field", async (_, body, pointer) => {
    const answer = await api.call("POST", "keys", as("customer", { name: "Key", ...body }));
    expect(answer).toMatchObject({ status: 422, body: { error_code: "VALIDATION_FAILED" } });
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  it("403 PLAN_LIMIT_REACHED: parallel creators cannot pass 50 keys", async () => {
    const { one } = world;
    await issueKey(one.tenantId, one.reseller, noLimits);
    const before = await sqlCount("SELECT count(*) FROM api_keys WHERE account_id = $1 AND status <> 'revoked'", [
      one.reseller,
    ]);
    const answers = await Promise.all(
      Array.from({ length: 56 - before }, () => api.call("POST", "keys", as("reseller", { name: "one of many" }))),
    );
    const created = answers.filter(({ status }) => status === 201).length;
    expect(created).toBe(50 - before);
    expect(answers.find(({ status }) => status !== 201)).toMatchObject({
      status: 403,
      body: { error_code: "PLAN_LIMIT_REACHED" },
    });
  });
});

describe("other people's keys", () => {
  it("404: a foreign key and no key are the same answer, for every operation, and nothing changes", async () => {
    const key = await create({ name: "Mine" });
    const before = await api.call("GET", `keys/${key.id}`, as("customer"));
    const operations = [
      ["GET", ""],
      ["PUT", ""],
      ["DELETE", ""],
      ["POST", "/regenerate"],
      ["PUT", "/revoke"],
      ["POST", "/revoke"],
      ["POST", "/disable"],
      ["POST", "/enable"],
      ["GET", "/usage"],
      ["GET", "/stats"],
    ] as const;
    for (const caller of ["foreign", "stranger"] as const) {
      for (const [method, path] of operations) {
        const sent = as(caller, method === "PUT" && path === "" ? { name: "Taken" } : undefined);
        const foreign = await api.call(method, `keys/${key.id}${path}`, sent);
        const absent = await api.call(method, `keys/key_${"0".repeat(22)}${path}`, sent);
        const bytes = ({ timestamp, request_id, instance, path: _, ...rest }: Record<string, unknown>) =>
          JSON.stringify(rest);
        expect(foreign.status).toBe(404);
        expect(bytes(foreign.body)).toBe(bytes(absent.body));
      }
      expect((await api.call("GET", "keys?limit=200", as(caller))).text).not.toContain(key.id);
    }
    expect((await api.call("GET", `keys/${key.id}`, as("customer"))).body).toEqual(before.body);
  });

  it("a reseller sees its customers' keys, an operator all of its tenant, nobody another tenant's", async () => {
    const key = await create();
    const foreign = await create({}, "foreign");
    for (const caller of ["reseller", "operator"] as const) {
      const list = await api.call("GET", "keys?limit=200", as(caller));
      expect(list.text).toContain(key.id);
      expect(list.text).not.toContain(foreign.id);
    }
  });
});

describe("GET /keys", () => {
  it("200: pages through all keys once each, newest first, with a Link header, filtered and searched", async () => {
    const made = [];
    for (let n = 0; n < 5; n++) made.push((await create({ name: `Paged ${n}` }, "stranger")).id);
    const seen: string[] = [];
    let cursor = "";
    do {
      const answer = await api.call("GET", `keys?limit=2&search=paged${cursor && `&cursor=${cursor}`}`, as("stranger"));
      seen.push(...answer.body.data.map(({ id }: { id: string }) => id));
      expect(answer.headers.get("link") ?? "").toBe(
        answer.body.has_more
          ? `</api/v1/api-management/keys?limit=2&search=paged&cursor=${answer.body.next_cursor}>; rel="next"`
          : "",
      );
      cursor = answer.body.next_cursor ?? "";
    } while (cursor);
    expect(seen).toEqual(made.toReversed());
    await api.call("POST", `keys/${made[0]}/disable`, as("stranger"));
    expect(
      (await api.call("GET", "keys?status=disabled", as("stranger"))).body.data.map(({ id }: { id: string }) => id),
    ).toEqual([made[0]]);
  });

  it.each([
    "limit=0",
    "limit=201",
    "limit=1e9",
    "limit=x",
    "limit=1&limit=2",
    "cursor=nonsense",
    `cursor=${Buffer.from('["a","b"]').toString("base64url")}`,
    "order_by=secret_hash",
    "status[not]=x",
    "select=secretHash",
    "tenant_id=x",
  ])("422: ?%s", async (query) =>
    expect(await api.call("GET", `keys?${query}`, as("customer"))).toMatchObject({ status: 422 }),
  );
});

describe("PUT /keys/{key_id}", () => {
  it("200: absent keeps, null clears, permissions merge, a legacy rate replaces its window only", async () => {
    const key = await create({ description: "Before", rate_limit_per_minute: 10 });
    const changed = await api.call(
      "PUT",
      `keys/${key.id}`,
      as("customer", { name: "Updated Key Name", permissions: { write: false } }),
    );
    expect(changed.body).toMatchObject({
      name: "Updated Key Name",
      description: "Before",
      permissions: { read: true, write: false, admin: false },
      rate_limit_per_minute: 10,
    });
    const cleared = await api.call(
      "PUT",
      `keys/${key.id}`,
      as("customer", { description: null, rate_limit_per_hour: 77 }),
    );
    expect(cleared.body).toMatchObject({
      description: null,
      rate_limit_per_minute: 10,
      rate_limit_per_hour: 77,
      rate_limit_per_day: 10_000,
    });
    expect((await api.call("PUT", `keys/${key.id}`, as("customer", { limits: null }))).body).toMatchObject({
      rate_limit_per_minute: 60,
      rate_limit_per_hour: 1000,
    });
  });

  it("writes one audit entry and one event per change, none for a refused or empty one", async () => {
    const key = await create();
    await api.call("PUT", `keys/${key.id}`, as("customer", { name: "Audited" }));
    await api.call("PUT", `keys/${key.id}`, as("customer", {}));
    await api.call("PUT", `keys/${key.id}`, as("customer", { name: "" }));
    const { rows } = await runtime().postgres.platform.query(
      "SELECT action, actor_kind, before->>'name' AS before, after->>'name' AS after FROM audit_entries WHERE target_id = $1 ORDER BY sequence",
      [key.id],
    );
    expect(rows).toEqual([
      { action: "api_key.created", actor_kind: "api_key", before: null, after: "Key" },
      { action: "api_key.updated", actor_kind: "api_key", before: "Key", after: "Audited" },
    ]);
    expect(await sqlCount("SELECT count(*) FROM domain_events WHERE data->>'id' = $1", [key.id])).toBe(2);
  });
});

/** Until the answer has the status; fails after the second the promise allows. */
async function withinOneSecond(key: string, status: number): Promise<void> {
  const startedMs = performance.now();
  while ((await whoAmI(key)).status !== status) {
    if (performance.now() - startedMs > 1_000) throw new Error(`Not ${status} within a second.`);
  }
}

describe("a key's life", () => {
  it("disabled, enabled, revoked: refused within a second, with the code that says why; revoking is final", async () => {
    const key = await create();
    expect((await whoAmI(key.key)).status).toBe(200);
    await api.call("POST", `keys/${key.id}/disable`, as("customer"));
    await withinOneSecond(key.key, 401);
    expect((await whoAmI(key.key)).body.error_code).toBe("API_KEY_DISABLED");
    expect((await api.call("POST", `keys/${key.id}/enable`, as("customer"))).body.status).toBe("active");
    await withinOneSecond(key.key, 200);
    expect((await api.call("PUT", `keys/${key.id}/revoke`, as("customer"))).body).toMatchObject({
      status: "revoked",
      is_active: false,
    });
    await withinOneSecond(key.key, 401);
    expect((await whoAmI(key.key)).body.error_code).toBe("API_KEY_REVOKED");
    expect((await api.call("POST", `keys/${key.id}/revoke`, as("customer"))).status).toBe(200); // a repeat is harmless
    for (const [method, path] of [
      ["POST", "/enable"],
      ["POST", "/regenerate"],
      ["PUT", ""],
    ] as const) {
      expect(
        await api.call(method, `keys/${key.id}${path}`, as("customer", method === "PUT" ? { name: "x" } : undefined)),
      ).toMatchObject({ status: 409, body: { error_code: "CONFLICT" } });
    }
  });

  it("deleted: gone from every list, refused, and its history stays", async () => {
    const key = await create();
    expect((await api.call("DELETE", `keys/${key.id}`, as("customer"))).status).toBe(204);
    await withinOneSecond(key.key, 401);
    expect((await api.call("GET", `keys/${key.id}`, as("customer"))).status).toBe(404);
    expect((await api.call("DELETE", `keys/${key.id}`, as("customer"))).status).toBe(404);
    expect(await sqlCount("SELECT count(*) FROM api_keys WHERE id = $1", [key.id])).toBe(1);
  });

  it("rotated at once: same id, new secret, the old one is unknown", async () => {
    const key = await create();
    await whoAmI(key.key);
    const rotated = await api.call("POST", `keys/${key.id}/regenerate`, as("customer"));
    expect(rotated).toMatchObject({ status: 200, body: { id: key.id, previous_key: null } });
    expect(rotated.body.key).not.toBe(key.key);
    expect((await whoAmI(rotated.body.key)).status).toBe(200);
    await withinOneSecond(key.key, 401);
    expect((await whoAmI(key.key)).body.error_code).toBe("API_KEY_INVALID");
  });

  it("rotated with an overlap: both work, calls on the old secret are counted apart, its end is never later than the key's", async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const key = await create({ expires_at: expiresAt });
    await whoAmI(key.key); // before the rotation: not one of the calls still on the old secret
    await runtime().usage.shipped(5_000);
    const rotated = (
      await api.call("POST", `keys/${key.id}/regenerate`, as("customer", { grace_period_seconds: 3600 }))
    ).body;
    expect(rotated.previous_key).toMatchObject({
      key_last4: key.key.slice(-4),
      expires_at: expiresAt,
      total_requests: 0,
    });
    expect([
      (await whoAmI(key.key)).status,
      (await whoAmI(key.key)).status,
      (await whoAmI(rotated.key)).status,
    ]).toEqual([200, 200, 200]);
    await runtime().usage.shipped(5_000);
    expect((await api.call("GET", `keys/${key.id}`, as("customer"))).body).toMatchObject({
      total_requests: 4,
      last_used_ip: "192.0.2.7",
      previous_key: { total_requests: 2 },
    });
    const third = (await api.call("POST", `keys/${key.id}/regenerate`, as("customer", { grace_period_seconds: 3600 })))
      .body;
    await withinOneSecond(key.key, 401); // the secret before the previous one has ended
    expect((await whoAmI(rotated.key)).status).toBe(200);
    expect((await whoAmI(third.key)).status).toBe(200);
  });

  it("expired: refused with API_KEY_EXPIRED to the millisecond, and shown as expired", async () => {
    const key = await create({ expires_at: new Date(Date.now() + 400).toISOString() });
    expect((await whoAmI(key.key)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 450));
    expect((await whoAmI(key.key)).body.error_code).toBe("API_KEY_EXPIRED");
    expect((await api.call("GET", `keys/${key.id}`, as("customer"))).body.status).toBe("expired");
  });

  it("an allow list binds the caller's address, v4, v6 and v4 within v6", async () => {
    const key = await create({ allowed_ips: ["198.51.100.0/24", "2001:db8::/32"] });
    for (const from of ["198.51.100.9", "::ffff:198.51.100.9", "2001:db8::1"])
      expect((await whoAmI(key.key, from)).status).toBe(200);
    for (const from of ["198.51.101.9", "2001:db9::1"])
      expect(await whoAmI(key.key, from)).toMatchObject({ status: 403, body: { error_code: "IP_NOT_ALLOWED" } });
  });

  it("permissions bind: a reader reads and does not write", async () => {
    expect((await api.call("GET", "keys", as("reader"))).status).toBe(200);
    expect(await api.call("DELETE", `keys/${(await create()).id}`, as("reader"))).toMatchObject({
      status: 403,
      body: { error_code: "PERMISSION_DENIED" },
    });
  });
});

describe("bad credentials", () => {
  it("count and carry limit headers however they are bad; a known key's do not use up its limit", async () => {
    const from = "203.0.113.99";
    for (const headers of [
      { authorization: "Basic x" },
      { authorization: "Bearer" },
      { "x-api-key": "ak_x", authorization: "Bearer y" },
      { authorization: "Bearer a.b.c" },
    ]) {
      const answer = await api.call("GET", "whoami", { headers, from });
      expect([400, 401]).toContain(answer.status);
      expect(answer.headers.get("ratelimit-policy")).toBe('"bad-credentials";q=30;w=60');
    }
    const bound = await issueKey(world.one.tenantId, world.one.stranger, {
      allowed_ips: ["198.51.100.1"],
      limits: [{ algorithm: "sliding_window", limit: 2, window_seconds: 3600 }],
    });
    const refused = [await whoAmI(bound.key, from), await whoAmI(bound.key, from), await whoAmI(bound.key, from)];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403]); // refused calls do not use up the key's own limit
    expect(refused[0]?.headers.get("ratelimit-policy")).toBe('"refused-keys";q=120;w=60');
    await runtime().usage.shipped(5_000);
    const shown = await api.call("GET", `keys/${bound.id}`, as("stranger"));
    expect(shown.body).toMatchObject({ last_used: null, last_used_ip: null });
  });

  it("a revoked key that is hammered is told so in its log, and its network can still sign in", async () => {
    const from = "203.0.113.120";
    const key = await create();
    await api.call("POST", `keys/${key.id}/revoke`, as("customer"));
    await withinOneSecond(key.key, 401);
    const statuses = new Set<number>();
    for (let n = 0; n < 122; n++) statuses.add((await whoAmI(key.key, from)).status);
    expect([...statuses].sort()).toEqual([401, 429]);
    expect(
      (await api.call("POST", "auth/login", { body: { email: "a@example.com", password: "x" }, from })).status,
    ).toBe(401);
    await runtime().usage.shipped(5_000);
    const { body } = await api.call("GET", `usage?api_key_id=${key.id}&status_code=429`, as("customer"));
    expect(body.data[0].decisions).toEqual([
      "Authentication: the API key is revoked. Refused.",
      expect.stringMatching(/^Authentication: too many/),
    ]);
  });

  it("429: guesses from one IPv6 network count together, from however many of its addresses", async () => {
    const guesses = [];
    for (let n = 0; n < 31; n++)
      guesses.push((await whoAmI(`ak_guess${n}`, `2001:db8:77:1::${n.toString(16)}`)).status);
    expect(guesses.at(-1)).toBe(429);
  });

  it("401: none, malformed, mistyped and unknown keys look alike and name the schemes that would do", async () => {
    const typo = `${callers.customer.slice(0, -1)}${callers.customer.endsWith("0") ? "1" : "0"}`;
    const never = "ak_00000000000000000000000000000000";
    const bytes = ({ timestamp, request_id, ...rest }: Record<string, unknown>) => JSON.stringify(rest);
    const answers = await Promise.all([typo, never, "x", "ak_"].map((key) => whoAmI(key, "203.0.113.77")));
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toContain("ApiKey");
      expect(bytes(answer.body)).toBe(bytes(answers[0]?.body));
    }
    expect(await api.call("GET", "whoami")).toMatchObject({ status: 401, body: { error_code: "API_KEY_INVALID" } });
  });

  it("429: guessing from one address is slowed down, and a good key from elsewhere is not", async () => {
    const guesses = [];
    for (let n = 0; n < 31; n++) guesses.push(await whoAmI(`ak_guess${n}`, "203.0.113.66"));
    expect(guesses.slice(0, 30).every(({ status }) => status === 401)).toBe(true);
    expect(guesses.at(-1)).toMatchObject({ status: 429, body: { error_code: "RATE_LIMIT_EXCEEDED" } });
    expect((await whoAmI(callers.customer, "203.0.113.66")).status).toBe(200);
  });

  it("400: two credentials that contradict each other", async () => {
    expect(await api.call("GET", "whoami", { key: callers.customer, token: "x.y.z" })).toMatchObject({
      status: 400,
      body: { error_code: "BAD_REQUEST" },
    });
  });
});
