import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isAppError } from "#lib/core/errors";
import { signToken, tokenKinds, verifyToken } from "#lib/identity/tokens";
import { generateSecret } from "#lib/keys/secret";
import type { VerifiedKey } from "#lib/keys/verify-api-key";
import { checkPartnerToken, looksLikeToken } from "#lib/partners/check-partner-token";
import { composeRuntime, runtime } from "#lib/platform/runtime";
import { MemoryLimitStore } from "#lib/rate-limits/memory-limit-store";
import { openApi, type TestApi } from "#test/api";
import { addServices, tokenOf } from "#test/operator";
import { createWorld, issueKey, type World } from "#test/world";

let api: TestApi;
let world: World;
let services: Record<"users" | "posts" | "comments" | "todos", string>;
let operator: string;

beforeAll(async () => {
  api = await openApi();
  world = await createWorld();
  services = await addServices(world.one.tenantId, ["users", "posts", "comments", "todos"]);
  operator = await tokenOf(world.one.tenantId);
});
beforeEach(() => {
  composeRuntime({ limiter: new MemoryLimitStore() });
});
afterAll(() => api.close());

const address = "192.0.2.7";
const sql = (text: string, values: unknown[] = []) => runtime().postgres.platform.query(text, values);
const exchange = (apiKey: unknown, from?: string) =>
  api.call("POST", "/auth/token", { body: { api_key: apiKey }, ...(from && { from }) });
const tokenFor = async (apiKey: string): Promise<string> => (await exchange(apiKey)).body.access_token;
const put = (path: string, body: object) => api.call("PUT", path, { token: operator, body });
const check = (token: string, from = address, now = new Date()) => checkPartnerToken(token, from, now);
/** What a token is good for now: its key, or the code of the refusal. */
const codeOf = async (token: string, from?: string): Promise<string> => {
  const verdict = await check(token, from);
  return isAppError(verdict) ? verdict.code : "good";
};
const keyOf = async (token: string): Promise<VerifiedKey> => {
  const verdict = await check(token);
  if (isAppError(verdict)) throw verdict;
  return verdict;
};
/** Changes reach every process within a second of their commit. */
const soon = { timeout: 1_000, interval: 10 };

async function createPartner(body: object = {}) {
  const sent = { name: "Basic Partner", service_ids: [1, 2], rate_limit: 30, ...body };
  const { body: partner } = await api.call("POST", "partners", { token: operator, body: sent });
  const { rows } = await sql("SELECT id FROM api_keys WHERE account_id = $1", [partner.id]);
  return { ...partner, keyId: rows[0].id as string, token: await tokenFor(partner.api_key) };
}

const invalid = { detail: { error: "Unauthorized", message: "Invalid API key" } };

describe("POST /auth/token", () => {
  it("200: the token, whose it is and what it may do now; not to be cached", async () => {
    const partner = await createPartner();
    const answer = await exchange(partner.api_key);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{86}$/),
      token_type: "bearer",
      expires_in: 3600,
      partner_id: partner.number,
      partner_name: "Basic Partner",
      allowed_services: ["users", "posts"],
      rate_limit: 30,
    });
    const [head, payload] = answer.body.access_token
      .split(".")
      .map((part: string) => Buffer.from(part, "base64url").toString());
    expect(JSON.parse(head).typ).toBe("partner+jwt");
    const claims = JSON.parse(payload);
    expect(claims).toEqual({
      iss: "http://portal.test",
      aud: "portico:gateway",
      sub: partner.id,
      key: partner.keyId,
      gen: 1,
      iat: expect.any(Number),
      exp: claims.iat + 3600,
    });
  });

  it("200 for any active key: all active services of the tenant, those of the key, and no rate where there is none a minute", async () => {
    const { tenantId, customer } = world.one;
    await sql("UPDATE services SET is_active = false WHERE id = $1", [services.todos]);
    const plain = await exchange((await issueKey(tenantId, customer)).key);
    expect(plain.body).toMatchObject({ allowed_services: ["users", "posts", "comments"], rate_limit: 60 });
    const limits = [{ algorithm: "token_bucket" as const, limit: 5, window_seconds: 60 }];
    const narrow = await exchange((await issueKey(tenantId, customer, { service_ids: [3, 4], limits })).key);
    expect(narrow.body).toMatchObject({ allowed_services: ["comments"], rate_limit: null });
    await sql("UPDATE services SET is_active = true WHERE id = $1", [services.todos]);
  });

  it("401, the same words for every key that is not good: unknown, malformed, revoked, expired, disabled", async () => {
    const { tenantId, customer } = world.one;
    const issue = () => issueKey(tenantId, customer);
    const [revoked, expired, disabled] = [await issue(), await issue(), await issue()];
    await sql("UPDATE api_keys SET status = 'revoked', revoked_at = now() WHERE id = $1", [revoked.id]);
    await sql("UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = $1", [expired.id]);
    await sql("UPDATE api_keys SET status = 'disabled' WHERE id = $1", [disabled.id]);
    for (const secret of [
      "invalid-key-xyz",
      "",
      "ak_",
      generateSecret("live"),
      revoked.key,
      expired.key,
      disabled.key,
    ]) {
      const answer = await exchange(secret);
      expect(answer, secret).toMatchObject({ status: 401, body: invalid });
      expect(answer.body).toEqual(invalid);
      expect(answer.headers.get("www-authenticate")).toContain("ApiKey");
    }
  });

  it("403 says why a good key may not be used: from this address, or because its account is suspended", async () => {
    const { tenantId, customer } = world.one;
    const { key } = await issueKey(tenantId, customer, { allowed_ips: ["203.0.113.0/24"] });
    expect(await exchange(key)).toMatchObject({
      status: 403,
      body: { detail: { error: "Forbidden", message: `Calls with this key may not come from ${address}.` } },
    });
    expect((await exchange(key, "203.0.113.9")).status).toBe(200);
    const partner = await createPartner();
    await put(`partners/${partner.id}`, { is_active: false });
    await expect.poll(async () => (await exchange(partner.api_key)).status, soon).toBe(403);
  });

  it("400, 405, 415, 422: in partner format too", async () => {
    const send = (body: unknown, headers = {}) => api.call("POST", "/auth/token", { body, headers });
    expect(await send("{")).toMatchObject({ status: 400, body: { detail: { error: "Bad request" } } });
    expect((await send("x", { "content-type": "text/plain" })).status).toBe(415);
    expect(await send({ key: "x" })).toMatchObject({
      status: 422,
      body: { detail: { error: "Validation failed", errors: [{ pointer: "#/api_key" }, { pointer: "#/key" }] } },
    });
    expect(await api.call("GET", "/auth/token", { token: operator })).toMatchObject({
      status: 405,
      body: { detail: { message: "This path takes POST." } },
    });
  });

  it("429: guesses run out for an address, not for its neighbours nor for who has a good key there", async () => {
    const partner = await createPartner();
    const guess = () => exchange(generateSecret("live"), "198.51.100.1");
    const statuses = [];
    for (let n = 0; n < 30; n++) statuses.push((await guess()).status);
    expect(new Set(statuses)).toEqual(new Set([401]));
    const refused = await guess();
    const seconds = Number(refused.headers.get("retry-after"));
    expect(refused).toMatchObject({
      status: 429,
      body: {
        detail: {
          error: "Too Many Requests",
          message: "Rate limit exceeded. Limit: 30 requests per 60 seconds",
          retry_after: seconds,
        },
      },
    });
    expect(refused.headers.get("x-ratelimit-limit")).toBe("30");
    expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
    expect((await exchange(partner.api_key, "198.51.100.1")).status).toBe(200);
    expect((await exchange(generateSecret("live"), "198.51.100.2")).status).toBe(401);
  });

  it("records a refused exchange for the owner of a known key", async () => {
    const partner = await createPartner();
    await api.call("POST", `keys/${partner.keyId}/revoke`, { token: operator });
    await expect.poll(async () => (await exchange(partner.api_key)).status, soon).toBe(401);
    const recorded = async () =>
      (await sql("SELECT FROM usage_events WHERE api_key_id = $1 AND endpoint = '/auth/token'", [partner.keyId]))
        .rowCount;
    await expect.poll(recorded, { timeout: 5_000 }).toBeGreaterThan(0);
  });
});

describe("checkPartnerToken", () => {
  it("gives the key of the token: the first time as a promise, then at once", async () => {
    const { token, keyId, id, number } = await createPartner();
    expect(check(token)).toBeInstanceOf(Promise);
    const key = await keyOf(token);
    expect(key).toMatchObject({
      id: keyId,
      accountId: id,
      accountNumber: number,
      accountName: "Basic Partner",
      accountKind: "partner",
      accountServiceIds: [services.users, services.posts],
      limits: [{ id: "minute", limit: 30, windowSeconds: 60 }],
    });
    expect(check(token)).toBe(key);
  });

  it("ends with the token, seen before or not", async () => {
    const { token } = await createPartner();
    const late = new Date(Date.now() + 3_601_000);
    expect(await check(token, address, late)).toMatchObject({ code: "TOKEN_INVALID" });
    await keyOf(token);
    expect(await check(token, address, late)).toMatchObject({ code: "TOKEN_INVALID" });
  });

  it("refuses what is no token of ours, what was changed, and one of a key that is somebody else's", async () => {
    const { token, keyId } = await createPartner();
    await keyOf(token);
    const [head, payload, signature] = token.split(".");
    const changed = Buffer.from(JSON.stringify({ sub: "acct_1", key: keyId, gen: 1 })).toString("base64url");
    const foreign = { subject: world.one.customer, keyId, generation: 1 };
    for (const bad of [
      "",
      "a.b.c",
      `${head}.${changed}.${signature}`,
      `${head}.${payload}.${"A".repeat(86)}`,
      await signToken("partner", foreign, 60, new Date()),
      await signToken("partner", { ...foreign, keyId: "key_none" }, 60, new Date()),
    ])
      expect(await codeOf(bad), bad).toBe("TOKEN_INVALID");
  });

  it("holds to the key's addresses", async () => {
    const partner = await createPartner();
    await keyOf(partner.token);
    await put(`keys/${partner.keyId}`, { allowed_ips: ["203.0.113.0/24"] });
    await expect.poll(() => codeOf(partner.token), soon).toBe("IP_NOT_ALLOWED");
    expect(await codeOf(partner.token, "203.0.113.4")).toBe("good");
  });

  it("tells a token from a key by its form", () => {
    expect(["a.b.c", "eyJ.eyJ.x-_"].every(looksLikeToken)).toBe(true);
    expect(["", "ak_abc", "a.b", "a..c", ".b.c", "a.b.", "a.b.c.d"].some(looksLikeToken)).toBe(false);
  });
});

describe("a token given out before", () => {
  it("loses and gains services with its partner, within a second", async () => {
    const partner = await createPartner();
    const servicesOf = async () => (await keyOf(partner.token)).accountServiceIds;
    expect(await servicesOf()).toEqual([services.users, services.posts]);
    await put(`partners/${partner.id}`, { allowed_services: ["users"] });
    await expect.poll(servicesOf, soon).toEqual([services.users]);
    await put(`partners/${partner.id}`, { service_ids: [4] });
    await expect.poll(servicesOf, soon).toEqual([services.todos]);
    expect((await exchange(partner.api_key)).body.allowed_services).toEqual(["todos"]);
  });

  it("is held to its partner's new limit, within a second, and the key with it", async () => {
    const partner = await createPartner();
    await put(`partners/${partner.id}`, { rate_limit: 7 });
    await expect.poll(async () => (await keyOf(partner.token)).limits[0]?.limit, soon).toBe(7);
    const limitOfKey = async () =>
      (await api.call("GET", "whoami", { key: partner.api_key })).headers.get("x-ratelimit-limit");
    await expect.poll(limitOfKey, soon).toBe("7");
  });

  it("is refused once its key is revoked, disabled or expired, as the key is", async () => {
    const [revoked, disabled, expired] = [await createPartner(), await createPartner(), await createPartner()];
    for (const { token } of [revoked, disabled, expired]) await keyOf(token);
    await api.call("POST", `keys/${revoked.keyId}/revoke`, { token: operator });
    await api.call("POST", `keys/${disabled.keyId}/disable`, { token: operator });
    await put(`keys/${expired.keyId}`, { expires_at: new Date(Date.now() + 300).toISOString() });
    await expect.poll(() => codeOf(revoked.token), soon).toBe("API_KEY_REVOKED");
    await expect.poll(() => codeOf(disabled.token), soon).toBe("API_KEY_DISABLED");
    await expect.poll(() => codeOf(expired.token), soon).toBe("API_KEY_EXPIRED");
    await api.call("POST", `keys/${disabled.keyId}/enable`, { token: operator });
    await expect.poll(() => codeOf(disabled.token), soon).toBe("good");
  });

  it("is refused once its key has another secret, and is known for the key's in the record", async () => {
    const partner = await createPartner();
    await keyOf(partner.token);
    const { body } = await api.call("POST", `keys/${partner.keyId}/regenerate`, {
      token: operator,
      body: { grace_period_seconds: 0 },
    });
    await expect.poll(() => codeOf(partner.token), soon).toBe("TOKEN_INVALID");
    expect(await check(partner.token)).toMatchObject({ extras: { about: { id: partner.keyId, generation: 2 } } });
    expect((await keyOf(await tokenFor(body.key))).generation).toBe(2);
  });

  it("lives through the overlap of a rotation, and ends with it", async () => {
    const partner = await createPartner();
    const rotate = (seconds: number) =>
      api.call("POST", `keys/${partner.keyId}/regenerate`, {
        token: operator,
        body: { grace_period_seconds: seconds },
      });
    await rotate(600);
    await expect.poll(async () => (await keyOf(partner.token)).secretExpiresAt, soon).not.toBeNull();
    expect((await keyOf(partner.token)).generation).toBe(1);
    const later = new Date(Date.now() + 601_000);
    expect(await check(partner.token, address, later)).toMatchObject({ code: "TOKEN_INVALID" });
    await rotate(600);
    await expect.poll(() => codeOf(partner.token), soon).toBe("TOKEN_INVALID");
  });

  it("is refused while its partner is not active, with every key, and good again after", async () => {
    const partner = await createPartner();
    await keyOf(partner.token);
    await put(`partners/${partner.id}`, { is_active: false });
    await expect.poll(() => codeOf(partner.token), soon).toBe("ACCOUNT_SUSPENDED");
    const whoAmI = async () => (await api.call("GET", "whoami", { key: partner.api_key })).status;
    await expect.poll(whoAmI, soon).toBe(403);
    await put(`partners/${partner.id}`, { is_active: true });
    await expect.poll(() => codeOf(partner.token), soon).toBe("good");
    await sql("UPDATE tenants SET status = 'suspended' WHERE id = $1", [world.one.tenantId]);
    await sql("SELECT pg_notify('portico', $1)", [JSON.stringify({ kind: "tenant", id: world.one.tenantId })]);
    await expect.poll(() => codeOf(partner.token), soon).toBe("TENANT_SUSPENDED");
    await sql("UPDATE tenants SET status = 'active' WHERE id = $1", [world.one.tenantId]);
    await sql("SELECT pg_notify('portico', $1)", [JSON.stringify({ kind: "tenant", id: world.one.tenantId })]);
    await expect.poll(() => codeOf(partner.token), soon).toBe("good");
  });
});

describe("tokens are worth nothing where they do not belong", () => {
  it("the management API takes no partner's token, S4's paths included, and a gateway no person's", async () => {
    const { token } = await createPartner();
    for (const path of ["whoami", "keys", "partners"])
      expect(await api.call("GET", path, { token })).toMatchObject({
        status: 401,
        body: { error_code: "TOKEN_INVALID" },
      });
    expect((await api.call("GET", "/admin/partners", { token })).status).toBe(401);
    expect((await api.call("GET", "whoami", { key: token })).status).toBe(401);
    expect(await codeOf(operator)).toBe("TOKEN_INVALID");
    const session = await signToken("session", { subject: "usr_1", sessionId: "ses_1" }, 60, new Date());
    expect(await codeOf(session)).toBe("TOKEN_INVALID");
    expect((await exchange(token.slice(0, 200))).status).toBe(401);
  });

  it("no kind passes for a partner's, and a partner's for no other", async () => {
    const { token } = await createPartner();
    for (const kind of Object.keys(tokenKinds).filter((name) => name !== "partner") as ("user" | "session")[]) {
      await expect(verifyToken(kind, token, new Date())).rejects.toMatchObject({ code: "TOKEN_INVALID" });
      const other = await signToken(kind, { subject: "usr_1", sessionId: "ses_1" }, 60, new Date());
      await expect(verifyToken("partner", other, new Date())).rejects.toMatchObject({ code: "TOKEN_INVALID" });
    }
  });
});
