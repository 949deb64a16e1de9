import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isAppError } from "#lib/core/errors";
import { generateSecret } from "#lib/keys/secret";
import { checkApiKey, type VerifiedKey, verifyApiKey } from "#lib/keys/verify-api-key";
import { runtime } from "#lib/platform/runtime";
import { openApi, type TestApi } from "#test/api";
import { addServices } from "#test/operator";
import { createWorld, issueKey, type World } from "#test/world";

let api: TestApi;
let world: World;
beforeAll(async () => {
  api = await openApi();
  world = await createWorld();
});
afterAll(() => api.close());

const address = "192.0.2.7";
const sql = (text: string, values: unknown[] = []) => runtime().postgres.platform.query(text, values);
const changed = (kind: string, id: string) => sql("SELECT pg_notify('portico', $1)", [JSON.stringify({ kind, id })]);
const check = (secret: string) => checkApiKey(secret, address, new Date());
const keyOf = async (secret: string): Promise<VerifiedKey> => {
  const verdict = await check(secret);
  if (isAppError(verdict)) throw verdict;
  return verdict;
};
const soon = { timeout: 1_000, interval: 10 };

describe("checkApiKey", () => {
  it("answers at once when it knows the key, and asks the database when it does not", async () => {
    const { key, id } = await issueKey(world.one.tenantId, world.one.customer);
    expect(check(key)).toBeInstanceOf(Promise);
    const known = await keyOf(key);
    expect(known).toMatchObject({ id, accountName: "customer of one", accountServiceIds: null });
    expect(check(key)).toBe(known);
    expect(check("ak_typo")).toMatchObject({ code: "API_KEY_INVALID" });
    expect(check(generateSecret("live"))).toBeInstanceOf(Promise);
  });

  it("returns refusals, where verifyApiKey throws them, with the known key in them", async () => {
    const { key, id } = await issueKey(world.one.tenantId, world.one.customer);
    await sql("UPDATE api_keys SET status = 'disabled' WHERE id = $1", [id]);
    const refused = { code: "API_KEY_DISABLED", extras: { about: { id } } };
    expect(await check(key)).toMatchObject(refused);
    expect(check(key)).toMatchObject(refused);
    await expect(verifyApiKey(key, address, new Date())).rejects.toMatchObject(refused);
    expect(await check(generateSecret("live"))).toMatchObject({ code: "API_KEY_INVALID", extras: {} });
  });

  it("returns a 503 while nobody can tell, and throws what is our own fault", async () => {
    const { platform } = runtime().postgres;
    const { query } = platform;
    const failing = (error: Error) => {
      platform.query = (() => Promise.reject(error)) as never;
    };
    const { key } = await issueKey(world.one.tenantId, world.one.customer);
    failing(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
    const verdict = await check(key);
    failing(new Error("a typo in our SQL"));
    const fault = await Promise.resolve(check(key)).catch((error: Error) => error.message);
    platform.query = query;
    expect(verdict).toMatchObject({ code: "AUTH_BACKEND_UNAVAILABLE", extras: { retryAfterSeconds: 2 } });
    expect(fault).toBe("a typo in our SQL");
    expect(isAppError(await check(key))).toBe(false);
  });

  it("knows which services an account may call: those granted, which may be none, or all", async () => {
    const { tenantId, customer } = world.one;
    const { users } = await addServices(tenantId, ["users"]);
    const { key, id } = await issueKey(tenantId, customer);
    const services = async () => (await keyOf(key)).accountServiceIds;
    expect(await services()).toBeNull();
    await sql("UPDATE accounts SET all_services = false WHERE id = $1", [customer]);
    await changed("key", id);
    await expect.poll(services, soon).toEqual([]);
    await sql("INSERT INTO account_services (tenant_id, account_id, service_id) VALUES ($1, $2, $3)", [
      tenantId,
      customer,
      users,
    ]);
    await changed("key", id);
    await expect.poll(services, soon).toEqual([users]);
  });
});

describe("limits of an account", () => {
  const limits = (limit: number) => [{ algorithm: "sliding_window" as const, limit, window_seconds: 60 }];
  const limitAccount = (id: string, limit: number | null) =>
    sql("UPDATE accounts SET limits = $2 WHERE id = $1", [id, limit && JSON.stringify(limits(limit))]);

  it("hold its keys that have none of their own: what is shown everywhere is what is enforced", async () => {
    const { tenantId, stranger } = world.one;
    await limitAccount(stranger, 5);
    const { key, id } = await issueKey(tenantId, stranger);
    const shown = (await api.call("GET", `keys/${id}`, { key })).body;
    expect(shown).toMatchObject({ limits: limits(5), rate_limit_per_minute: 5, rate_limit_per_hour: null });
    const who = await api.call("GET", "whoami", { key });
    expect(who.body.limits).toMatchObject([{ name: "minute", limit: 5, used: 2 }]);
    expect((await api.call("GET", "rate-limit", { key })).body).toMatchObject({ limit: 5, used: 3, minute_count: 3 });
    await api.call("GET", "whoami", { key });
    const last = await api.call("GET", "whoami", { key });
    expect([last.status, last.headers.get("x-ratelimit-limit"), last.headers.get("x-ratelimit-remaining")]).toEqual([
      200,
      "5",
      "0",
    ]);
    expect((await api.call("GET", "whoami", { key })).status).toBe(429);
  });

  it("give way to a key's own, which go back to them; a legacy rate changes its window of them", async () => {
    const { tenantId, reseller } = world.one;
    await limitAccount(reseller, 40);
    const { key, id } = await issueKey(tenantId, reseller);
    const { key: own, ...other } = await issueKey(tenantId, reseller, { rate_limit_per_hour: 30 });
    expect(other).toMatchObject({ rate_limit_per_minute: 40, rate_limit_per_hour: 30, rate_limit_per_day: null });
    await limitAccount(reseller, null);
    await changed("key", id);
    await expect.poll(async () => (await keyOf(key)).limitsFrom, soon).toBe("installation");
    expect((await keyOf(own)).limitsFrom).toBe("key");
  });

  it("cannot be left behind by one of its keys: neither for itself nor by making another", async () => {
    const { tenantId, stranger } = world.two;
    await limitAccount(stranger, 100);
    const { key, id } = await issueKey(tenantId, stranger);
    const wide = { limits: limits(1_000) };
    expect((await api.call("PUT", `keys/${id}`, { key, body: wide })).body.error_code).toBe("PERMISSION_DENIED");
    expect((await api.call("POST", "keys", { key, body: { name: "Wide", ...wide } })).status).toBe(403);
    const made = await api.call("POST", "keys", { key, body: { name: "Same" } });
    expect(made).toMatchObject({ status: 201, body: { limits: limits(100) } });
    await limitAccount(stranger, 50);
    await changed("key", made.body.id);
    expect(await keyOf(made.body.key)).toMatchObject({ limitsFrom: "account", limits: [{ limit: 50 }] });
  });
});
