import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runtime } from "#lib/platform/runtime";
import { openApi, type Sent, type TestApi } from "#test/api";
import { addServices, tokenOf } from "#test/operator";
import { createWorld, issueKey, type World } from "#test/world";

let api: TestApi;
let world: World;
let services: Record<"users" | "posts" | "comments", string>;
const tokens: Record<"operator" | "foreign" | "owner", string> = {} as never;

beforeAll(async () => {
  api = await openApi();
  world = await createWorld();
  const { one, two } = world;
  services = await addServices(one.tenantId, ["users", "posts", "comments"]);
  await addServices(two.tenantId, ["billing"]);
  tokens.operator = await tokenOf(one.tenantId);
  tokens.foreign = await tokenOf(two.tenantId);
  tokens.owner = await tokenOf(one.tenantId, "owner", one.customer);
});
afterAll(() => api.close());

const as = (who: keyof typeof tokens, body?: unknown): Sent => ({
  token: tokens[who],
  ...(body !== undefined && { body }),
});
const create = async (body: object = {}) =>
  (await api.call("POST", "partners", as("operator", { name: "NewCompany", ...body }))).body;
const rows = async (text: string, values: unknown[] = []) =>
  (await runtime().postgres.platform.query(text, values)).rows;

describe("POST /partners", () => {
  it("201: answers with the partner and the secret of its first key, which works at once", async () => {
    const answer = await api.call(
      "POST",
      "partners",
      as("operator", { name: "My Company", service_ids: [2, services.users], rate_limit: 100 }),
    );
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^acct_/),
      number: expect.any(Number),
      name: "My Company",
      allowed_services: ["users", "posts"],
      service_ids: [services.users, services.posts],
      rate_limit: 100,
      is_active: true,
      keys_count: 1,
      api_key: expect.stringMatching(/^ak_[0-9A-Za-z]{32}$/),
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const me = await api.call("GET", "whoami", { key: answer.body.api_key });
    expect(me.body).toMatchObject({ account_id: answer.body.id, api_key: { name: "My Company" } });
    expect(me.body.limits).toMatchObject([{ name: "minute", limit: 100, window_seconds: 60 }]);
    const recorded = await rows(
      `SELECT action || coalesce(after::text, '') AS text FROM audit_entries WHERE account_id = $1
       UNION ALL SELECT type || data::text FROM domain_events WHERE account_id = $1`,
      [answer.body.id],
    );
    expect(recorded.map(({ text }) => text.split("{")[0]).sort()).toEqual(
      ["api_key.created", "partner.created"].flatMap((name) => [name, name]),
    );
    for (const { text } of recorded) expect(text).not.toContain(answer.body.api_key);
  });

  it("201: 60 requests a minute and no service unless somebody says otherwise; the name may be taken", async () => {
    expect(await create()).toMatchObject({ rate_limit: 60, allowed_services: [], service_ids: [] });
    expect(await create({ allowed_services: ["posts"] })).toMatchObject({ allowed_services: ["posts"] });
    const both = { service_ids: [1, 1, services.posts], allowed_services: ["posts", "users"] };
    expect(await create(both)).toMatchObject({ allowed_services: ["users", "posts"] });
  });

  it("201: a repeat with the same Idempotency-Key makes no second partner and does not show the secret again", async () => {
    const sent = { ...as("operator", { name: "Once" }), headers: { "idempotency-key": "partner-once" } };
    const [first, second] = [await api.call("POST", "partners", sent), await api.call("POST", "partners", sent)];
    const { api_key: _, ...shown } = first.body;
    expect(second.body).toEqual(shown);
    expect(await rows("SELECT FROM accounts WHERE name = 'Once'")).toHaveLength(1);
  });

  it.each([
    ["an unknown number", { service_ids: [1, 99] }, "#/service_ids/1"],
    ["another tenant's name", { allowed_services: ["users", "billing"] }, "#/allowed_services/1"],
    ["two lists that differ", { service_ids: [1], allowed_services: ["posts"] }, "#/allowed_services"],
    ["no rate", { rate_limit: 0 }, "#/rate_limit"],
    ["a member nobody knows", { is_active: false }, "#/is_active"],
    ["an empty name", { name: " " }, "#/name"],
  ])("422: %s, and nothing is left of it", async (_, body, pointer) => {
    const before = await rows("SELECT FROM accounts");
    const answer = await api.call("POST", "partners", as("operator", { name: "Refused", ...body }));
    expect(answer).toMatchObject({ status: 422, body: { error_code: "VALIDATION_FAILED", errors: [{ pointer }] } });
    expect(await rows("SELECT FROM accounts")).toHaveLength(before.length);
  });

  it("401 without a credential, 403 for an owner and for any key", async () => {
    const body = { name: "Refused" };
    expect(await api.call("POST", "partners", { body })).toMatchObject({ status: 401, body: { status: 401 } });
    expect((await api.call("POST", "partners", as("owner", body))).status).toBe(403);
    const permissions = { read: true, write: true, admin: true };
    const { key } = await issueKey(world.one.tenantId, world.one.internal, { permissions });
    expect((await api.call("POST", "partners", { key, body })).status).toBe(403);
  });
});

describe("GET /partners", () => {
  it("200: newest first, by pages, found by name; no other account and no other tenant's", async () => {
    const made = [await create({ name: "Alpha One" }), await create({ name: "Alpha Two" })];
    const all = await api.call("GET", "partners?limit=200", as("operator"));
    expect(all.body.data.slice(0, 2).map(({ id }: { id: string }) => id)).toEqual(made.map(({ id }) => id).reverse());
    expect(all.text).not.toContain("customer of one");
    expect(all.text).not.toContain(made[0].api_key);
    const found = await api.call("GET", "partners?search=alpha&limit=1", as("operator"));
    expect(found.body).toMatchObject({ data: [{ name: "Alpha Two" }], has_more: true });
    const next = await api.call("GET", `partners?search=alpha&cursor=${found.body.next_cursor}`, as("operator"));
    expect(next.body).toMatchObject({ data: [{ name: "Alpha One", keys_count: 1 }], next_cursor: null });
    expect((await api.call("GET", "partners", as("foreign"))).body.data).toEqual([]);
    expect((await api.call("GET", "partners", as("owner"))).status).toBe(403);
  });
});

describe("GET and PUT /partners/{id}", () => {
  it("200 by id and by number; 404, the same bytes, for another tenant, another kind of account, and none", async () => {
    const { api_key: _, ...partner } = await create({ name: "Found" });
    for (const reference of [partner.id, partner.number])
      expect((await api.call("GET", `partners/${reference}`, as("operator"))).body).toEqual(partner);
    const missing = [
      await api.call("GET", `partners/${partner.id}`, as("foreign")),
      await api.call("GET", `partners/${world.one.customer}`, as("operator")),
      await api.call("GET", "partners/acct_none", as("operator")),
      await api.call("PUT", `partners/${partner.id}`, as("foreign", { name: "Taken" })),
      await api.call("PUT", `partners/${world.one.customer}`, as("operator", { is_active: false })),
    ];
    for (const { status, body } of missing) expect([status, body.detail]).toEqual([404, "No such partner."]);
  });

  it("200: keeps what is not written, replaces the services, and records what it was and is", async () => {
    const { id } = await create({ name: "Before", service_ids: [1, 2], rate_limit: 30 });
    const put = (body: object) => api.call("PUT", `partners/${id}`, as("operator", body));
    const kept = { name: "Before", allowed_services: ["users", "posts"], rate_limit: 30, is_active: true };
    const untouched = await put({});
    expect(untouched.body).toMatchObject(kept);
    expect(untouched.body.updated_at).toBe(untouched.body.created_at);
    expect((await put({ name: "After" })).body).toMatchObject({ ...kept, name: "After" });
    expect((await put({ allowed_services: ["comments", "posts"] })).body.allowed_services).toEqual([
      "posts",
      "comments",
    ]);
    expect((await put({ service_ids: [] })).body).toMatchObject({ allowed_services: [], rate_limit: 30 });
    expect((await put({ is_active: false })).body.is_active).toBe(false);
    expect((await put({ service_ids: [99] })).body.errors).toMatchObject([{ pointer: "#/service_ids/0" }]);
    const [{ before, after }] = await rows(
      "SELECT before, after FROM audit_entries WHERE target_id = $1 AND action = 'partner.updated' ORDER BY created_at LIMIT 1",
      [id],
    );
    expect([before.name, after.name]).toEqual(["Before", "After"]);
  });
});

describe("a service that is deleted while a partner gets it", () => {
  it.each(["service_ids", "allowed_services"])("422 at the field: it is none any more (by %s)", async (field) => {
    const name = `gone-by-${field.replaceAll("_", "-")}`;
    const { [name]: id } = await addServices(world.one.tenantId, [name]);
    const deletion = await runtime().postgres.platform.connect();
    try {
      await deletion.query("BEGIN");
      await deletion.query("DELETE FROM services WHERE id = $1", [id]);
      const written = { name: "Late", [field]: [field === "service_ids" ? id : name] };
      const creation = api.call("POST", "partners", as("operator", written));
      await setTimeout(200);
      await deletion.query("COMMIT");
      const { status, body } = await creation;
      expect([status, body.errors?.[0]?.pointer]).toEqual([422, `#/${field}/0`]);
    } finally {
      deletion.release();
    }
  });
});

describe("S4's own paths", () => {
  it("GET /admin/partners: 200, a bare array by number, with S4's ids and times", async () => {
    const { number } = await create({ name: "Plain", service_ids: [1], rate_limit: 50 });
    const { status, body } = await api.call("GET", "/admin/partners", as("operator"));
    expect(status).toBe(200);
    const ids: number[] = body.map(({ id }: { id: number }) => id);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    expect(body.find(({ id }: { id: number }) => id === number)).toEqual({
      id: number,
      name: "Plain",
      allowed_services: ["users"],
      rate_limit: 50,
      is_active: true,
      created_at: time,
      updated_at: time,
    });
  });

  it("POST /admin/partners: 200 with the key, by service_ids or by allowed_services", async () => {
    const answer = await api.call(
      "POST",
      "/admin/partners",
      as("operator", { name: "NewCompany", service_ids: [1, 2], rate_limit: 50 }),
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(Object.keys(answer.body)).toEqual([
      "id",
      "name",
      "allowed_services",
      "rate_limit",
      "is_active",
      "created_at",
      "updated_at",
      "api_key",
    ]);
    const byName = { name: "New Partner", allowed_services: ["users"], rate_limit: 50 };
    expect((await api.call("POST", "/admin/partners", as("operator", byName))).body.allowed_services).toEqual([
      "users",
    ]);
  });

  it("401, 403, 404, 405, 422: in partner format", async () => {
    const unauthorized = { detail: { error: "Unauthorized", message: "Could not validate credentials" } };
    for (const path of ["/admin/partners", "/admin/logs", "/admin/nonsense", "/admin"]) {
      const answer = await api.call("GET", path);
      expect(answer, path).toMatchObject({ status: 401, body: unauthorized });
      expect(answer.headers.get("content-type")).toBe("application/json");
      expect(answer.headers.get("x-ratelimit-limit")).toBe("120");
    }
    const send = (method: "GET" | "POST" | "PUT", path: string, who: keyof typeof tokens, body?: unknown) =>
      api.call(method, path, as(who, body));
    expect(await send("GET", "/admin/partners", "owner")).toMatchObject({
      status: 403,
      body: { detail: { error: "Forbidden", message: "This needs the partners:read permission." } },
    });
    expect(await send("GET", "/admin/nonsense", "operator")).toMatchObject({
      status: 404,
      body: { detail: { error: "Not found" } },
    });
    expect(await send("PUT", "/admin/partners", "operator", {})).toMatchObject({
      status: 405,
      body: { detail: { message: "This path takes GET, HEAD, POST." } },
    });
    expect(await send("POST", "/admin/partners", "operator", { name: "x", service_ids: [77] })).toMatchObject({
      status: 422,
      body: { detail: { error: "Validation failed", errors: [{ pointer: "#/service_ids/0" }] } },
    });
    expect((await api.call("GET", "nonsense")).body).toMatchObject({ status: 401, error_code: "API_KEY_INVALID" });
  });
});

it("403: a partner's key makes and changes no keys, or the partner would have its limit once for each", async () => {
  const { api_key: key } = await create({ service_ids: [1] });
  const [listed] = (await api.call("GET", "keys", { key })).body.data;
  for (const [method, path, body] of [
    ["POST", "keys", { name: "One more" }],
    ["PUT", `keys/${listed.id}`, { rate_limit_per_minute: 100_000 }],
    ["POST", `keys/${listed.id}/regenerate`, undefined],
  ] as const) {
    const answer = await api.call(method, path, { key, ...(body && { body }) });
    expect([answer.status, answer.body.error_code], path).toEqual([403, "PERMISSION_DENIED"]);
  }
});
