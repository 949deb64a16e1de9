import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { composeRuntime, runtime } from "#lib/platform/runtime";
import { openApi, type TestApi } from "#test/api";
import { createPerson, mailedToken, password, resetAttempts, sql, withinOneSecond } from "#test/identity";
import { createWorld, issueKey, type World } from "#test/world";

let api: TestApi;
let world: World;
beforeAll(async () => {
  api = await openApi();
  world = await createWorld();
});
afterAll(() => api.close());
beforeEach(resetAttempts);

const email = "ada@example.com";
const newPerson = () => createPerson({ tenantId: world.one.tenantId });
const login = (who: { email: string; password?: string }) =>
  api.call("POST", "auth/login", { body: { email: who.email, password: who.password ?? password } });

test("a newcomer signs up, confirms, logs in, refreshes, looks around and logs out", async () => {
  const signedUp = await api.call("POST", "auth/sign-up", { body: { email, password, name: "Ada" } });
  expect([signedUp.status, signedUp.text]).toEqual([202, '{"status":"accepted"}']);
  expect((await login({ email })).status).toBe(403);
  const confirmed = await api.call("POST", "auth/verify-email", { body: { token: await mailedToken(email) } });
  expect([confirmed.status, confirmed.text]).toEqual([204, ""]);

  const tokens = await login({ email: "ADA@example.com " });
  expect(tokens.status).toBe(200);
  expect(tokens.headers.get("cache-control")).toBe("no-store");
  expect(tokens.body).toEqual({
    access_token: expect.any(String),
    token_type: "bearer",
    expires_in: 86_400,
    refresh_token: expect.any(String),
  });
  const refreshed = await api.call("POST", "auth/refresh", { body: { refresh_token: tokens.body.refresh_token } });
  const token = refreshed.body.access_token as string;
  const me = await api.call("GET", "me", { token });
  expect(me.body).toMatchObject({
    user: { email },
    role: "owner",
    account: { kind: "customer" },
    tenant: { id: world.one.tenantId },
  });
  const sessions = await api.call("GET", "sessions", { token });
  expect(sessions.body.data).toEqual([expect.objectContaining({ id: me.body.session_id, is_current: true })]);

  expect((await api.call("POST", "auth/logout", { token })).status).toBe(204);
  await withinOneSecond(async () => (await api.call("GET", "me", { token })).status === 401);
  const stored = await sql(
    "SELECT to_jsonb(s)::text AS row FROM sessions s UNION ALL SELECT to_jsonb(r)::text FROM refresh_tokens r UNION ALL SELECT to_jsonb(i)::text FROM idempotency_records i",
  );
  for (const secret of [token, refreshed.body.refresh_token])
    expect(stored.some(({ row }) => String(row).includes(secret))).toBe(false);
});

test("401: an unknown address and a wrong password give the same bytes, but for when and which request", async () => {
  const { email: known } = await newPerson();
  const refusalOf = async (address: string) => {
    const { status, body, headers } = await login({ email: address, password: "not the password" });
    return [status, headers.get("www-authenticate"), JSON.stringify({ ...body, timestamp: "", request_id: "" })];
  };
  expect(await refusalOf(known)).toEqual(await refusalOf("nobody@example.com"));
  expect((await refusalOf(known))[0]).toBe(401);
});

test("202: asking for mails tells nothing about an address", async () => {
  const { email: known } = await newPerson();
  for (const path of ["auth/request-password-reset", "auth/resend-verification"]) {
    const [first, second] = [
      await api.call("POST", path, { body: { email: known } }),
      await api.call("POST", path, { body: { email: "nobody@example.com" } }),
    ];
    expect([first.status, first.text]).toEqual([202, second.text]);
  }
});

test("204: a mailed token sets a new password, and a second use is a 422 at the token", async () => {
  const { email: known } = await newPerson();
  await api.call("POST", "auth/request-password-reset", {
    body: { email: known },
    headers: { host: "evil.example", "x-forwarded-host": "evil.example" },
  });
  const body = { token: await mailedToken(known), password: "a wholly new password" };
  expect((await api.call("POST", "auth/reset-password", { body })).status).toBe(204);
  const again = await api.call("POST", "auth/reset-password", { body });
  expect([again.status, again.body.errors[0].pointer]).toEqual([422, "#/token"]);
  expect(await login({ email: known, password: body.password })).toMatchObject({ status: 200 });
});

test("429: says how long to wait, in the header and in words", async () => {
  const { email: known } = await newPerson();
  for (let guess = 0; guess < 10; guess++) await login({ email: known, password: `guess ${guess}` });
  const { status, body, headers } = await login({ email: known });
  expect([status, body.error_code]).toEqual([429, "RATE_LIMIT_EXCEEDED"]);
  expect(headers.get("retry-after")).toBe(String(body.retry_after));
  expect(body.detail).toBe(`Rate limit exceeded. Try again in ${body.retry_after} seconds.`);
});

test("another person's session is not found, the own one ends, and all of them", async () => {
  const [person, other] = [await newPerson(), await newPerson()];
  const tokenOf = async (who: { email: string }) => (await login(who)).body.access_token as string;
  const [first, second, foreign] = [await tokenOf(person), await tokenOf(person), await tokenOf(other)];
  const { session_id } = (await api.call("GET", "me", { token: second })).body;
  const foreignEnd = await api.call("DELETE", `sessions/${session_id}`, { token: foreign });
  const neverWas = await api.call("DELETE", "sessions/ses_0000000000000000000000", { token: foreign });
  expect([foreignEnd.status, foreignEnd.body.detail]).toEqual([404, neverWas.body.detail]);
  expect((await api.call("DELETE", `sessions/${session_id}`, { token: first })).status).toBe(204);
  await withinOneSecond(async () => (await api.call("GET", "me", { token: second })).status === 401);
  expect((await api.call("POST", "sessions/end-all", { token: first })).status).toBe(204);
  await withinOneSecond(async () => (await api.call("GET", "me", { token: first })).status === 401);
  expect((await api.call("GET", "me", { token: foreign })).status).toBe(200);
});

test("a password is changed with the current one only", async () => {
  const person = await newPerson();
  const token = (await login(person)).body.access_token as string;
  const change = (current_password: string) =>
    api.call("POST", "auth/change-password", {
      token,
      body: { current_password, new_password: "a wholly new password" },
    });
  const refused = await change("not it");
  expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, "#/current_password"]);
  expect((await change(password)).status).toBe(204);
  expect((await login(person)).status).toBe(401);
});

test("changing a password keeps no tenant transaction open while it hashes", async () => {
  const token = (await login(await newPerson())).body.access_token as string;
  const { prisma } = runtime();
  let opened = 0;
  const watched: typeof prisma = (role) => {
    if (role === "app") opened += 1;
    return prisma(role);
  };
  composeRuntime({ prisma: watched });
  try {
    const body = { current_password: password, new_password: "a wholly new password" };
    expect((await api.call("POST", "auth/change-password", { token, body })).status).toBe(204);
    expect(opened).toBe(0);
  } finally {
    composeRuntime({ prisma });
  }
});

test("a key may ask who it is, and is refused what belongs to people", async () => {
  const { key } = await issueKey(world.one.tenantId, world.one.customer);
  expect((await api.call("GET", "me", { key })).body).toMatchObject({
    user: null,
    memberships: [],
    account: { id: world.one.customer },
  });
  for (const [method, path] of [
    ["GET", "sessions"],
    ["POST", "sessions/end-all"],
    ["POST", "auth/logout"],
  ] as const) {
    expect((await api.call(method, path, { key })).status, path).toBe(403);
  }
});

describe("what a browser might be made to send", () => {
  test("a sign-in from a foreign page with cookies is a 403", async () => {
    const headers = { cookie: "portico.theme=dark", origin: "https://evil.example" };
    expect((await api.call("POST", "auth/login", { body: { email, password }, headers })).status).toBe(403);
  });

  test.each([
    ["unknown fields", { email, password, admin: true }],
    ["operator objects", { email: { not: "" }, password: { not: "" } }],
    ["lists", { email: [email], password: [password] }],
    ["no address", { password }],
    ["two addresses", { email: "a@x.com,b@y.com", password }],
    ["a header in the address", { email: "victim@example.com\r\nBcc: all@example.com", password, name: "x" }],
  ])("%s are a 4xx of every path that takes an address", async (_what, body) => {
    for (const path of ["sign-up", "login", "request-password-reset", "resend-verification"]) {
      const { status } = await api.call("POST", `auth/${path}`, { body });
      expect([401, 422]).toContain(status);
    }
  });

  test("a NUL or half a surrogate pair in a name, a password or a token is a 4xx", async () => {
    for (const hostile of ["\u0000", "\ud800"]) {
      const text = `correct horse ${hostile}`;
      const answers = [
        await api.call("POST", "auth/sign-up", { body: { email: "new@example.com", password, name: text } }),
        await api.call("POST", "auth/sign-up", { body: { email: "new@example.com", password: text, name: "Ada" } }),
        await api.call("POST", "auth/login", { body: { email, password: text } }),
        await api.call("POST", "auth/verify-email", { body: { token: text } }),
        await api.call("POST", "auth/refresh", { body: { refresh_token: text } }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([422, 422, 401, 422, 401]);
    }
    expect(await sql("SELECT FROM users WHERE email = 'new@example.com'")).toEqual([]);
  });
});

test("the published key set verifies the tokens and holds public halves only", async () => {
  const { GET } = await import("@/app/.well-known/jwks.json/route");
  const { keys } = (await GET().json()) as { keys: object[] };
  expect(keys).toEqual([expect.objectContaining({ kid: runtime().signingKeys.current.id, kty: "OKP" })]);
  expect(keys[0]).not.toHaveProperty("d");
});
