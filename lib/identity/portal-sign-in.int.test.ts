import { NextRequest } from "next/server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { authenticateBrowserSession } from "#lib/identity/authenticate-user";
import { portalSignIn } from "#lib/identity/portal-sign-in";
import { isPortalCookie, portalCookieName } from "#lib/identity/session-cookie";
import { authRoute } from "#lib/platform/auth";
import { composeRuntime, runtime } from "#lib/platform/runtime";
import {
  composeIdentity,
  createPerson,
  password,
  resetAttempts,
  sql,
  type TestPerson,
  withinOneSecond,
} from "#test/identity";
import { DELETE, GET, OPTIONS, PATCH, PUT } from "../../app/api/auth/[...nextauth]/route.ts";

let close: () => Promise<void>;
beforeAll(async () => {
  close = await composeIdentity({ PORT: "3210" });
});
afterAll(() => close());
beforeEach(resetAttempts);

const origin = "http://localhost:3210";
const route = authRoute(portalSignIn);

/** A browser: it keeps cookies, sends its origin with every POST, and nothing else that we did not ask for. */
class Browser {
  readonly cookies = new Map<string, string>();

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#send(path, { headers });
  }

  post(path: string, body: string | Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
    const sent = typeof body === "string" ? body : new URLSearchParams(body).toString();
    return this.#send(path, {
      method: "POST",
      body: sent,
      headers: { "content-type": "application/x-www-form-urlencoded", origin, ...headers },
    });
  }

  async signIn(fields: Record<string, string>): Promise<{ status: number; url: URL }> {
    const { csrfToken } = (await (await this.get("/csrf")).json()) as { csrfToken: string };
    const response = await this.post("/callback/credentials", { csrfToken, json: "true", ...fields });
    return { status: response.status, url: new URL(((await response.json()) as { url: string }).url) };
  }

  get cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  async #send(
    path: string,
    init: { method?: string; body?: string; headers: Record<string, string> },
  ): Promise<Response> {
    const headers = {
      "x-real-ip": "192.0.2.1",
      "user-agent": "Firefox",
      ...(this.cookies.size > 0 && { cookie: this.cookieHeader }),
      ...init.headers,
    };
    const request = new NextRequest(`http://internal:1/api/auth${path}`, { ...init, headers });
    const nextauth = new URL(request.url).pathname.split("/").slice(3);
    const response = await route(request, { params: Promise.resolve({ nextauth }) });
    for (const line of response.headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split("; ");
      const [name = "", value = ""] = pair.split("=");
      if (attributes.includes("Max-Age=0")) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }
}

const credentials = (person: TestPerson) => ({ email: person.email, password });
const sessionsOf = (person: TestPerson) =>
  sql("SELECT id, ended_at, ip_address, user_agent FROM sessions WHERE user_id = $1", [person.userId]);

test("signing in starts a session whose cookie the pages and the API take, and signing out ends it", async () => {
  const [person, browser] = [await createPerson(), new Browser()];
  const { status, url } = await browser.signIn({ ...credentials(person), callbackUrl: "/keys?tab=1" });
  expect([status, url.href]).toEqual([200, `${origin}/keys?tab=1`]);
  const [session] = await sessionsOf(person);
  expect(session).toMatchObject({ ip_address: "192.0.2.1", user_agent: "Firefox", ended_at: null });
  expect(await authenticateBrowserSession(browser.cookieHeader, {}, new Date())).toMatchObject({
    id: person.userId,
    sessionId: session?.id,
    via: "session",
  });
  expect(await (await browser.get("/session")).json()).toEqual({
    user: { name: "Ada", email: person.email },
    expires: expect.any(String),
  });

  const stolen = browser.cookieHeader;
  const { csrfToken } = (await (await browser.get("/csrf")).json()) as { csrfToken: string };
  await browser.post("/signout", { csrfToken, json: "true" });
  expect(browser.cookies.has(portalCookieName("session"))).toBe(false);
  await withinOneSecond(async () => (await authenticateBrowserSession(stolen, {}, new Date())) === null);
  const audit = await sql("SELECT action, ip_address FROM audit_entries WHERE target_id = $1 ORDER BY sequence", [
    session?.id,
  ]);
  expect(audit).toEqual(["session.started", "session.ended"].map((action) => ({ action, ip_address: "192.0.2.1" })));
});

test("each sign-in is another session, and the cookie is for the server and this site only", async () => {
  const [person, browser] = [await createPerson(), new Browser()];
  browser.cookies.set(portalCookieName("session"), "fixed-by-somebody");
  await browser.signIn(credentials(person));
  const first = browser.cookies.get("portico.session.3210");
  await browser.signIn(credentials(person));
  expect(browser.cookies.get("portico.session.3210")).not.toBe(first);
  expect(new Set((await sessionsOf(person)).map(({ id }) => id)).size).toBe(2);
  const lines = (await browser.get("/session")).headers.getSetCookie();
  expect(lines.find((line) => line.startsWith("portico.session.3210="))).toMatch(
    /; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
  );
  expect([...browser.cookies.keys()].every(isPortalCookie)).toBe(true);
});

test("an ended session is signed out in every browser", async () => {
  const [person, browser] = [await createPerson(), new Browser()];
  await browser.signIn(credentials(person));
  await sql("UPDATE sessions SET ended_at = now() WHERE user_id = $1", [person.userId]);
  for (const { id } of await sessionsOf(person))
    await sql("SELECT pg_notify('portico', $1)", [JSON.stringify({ kind: "session", id })]);
  await withinOneSecond(async () => JSON.stringify(await (await browser.get("/session")).json()) === "{}");
  expect(browser.cookies.has(portalCookieName("session"))).toBe(false);
});

test("over https the cookies are Secure and bound to the host", async () => {
  const { env } = runtime();
  composeRuntime({ env: { ...env, PUBLIC_URL: "https://portal.example" } });
  try {
    const lines = (await new Browser().get("/csrf")).headers.getSetCookie();
    expect(lines.some((line) => line.startsWith("__Host-portico.csrf.3210=") && line.includes("; Secure"))).toBe(true);
    expect(
      lines.every((line) => line.startsWith("__Host-") && line.includes("; Path=/") && !line.includes("Domain=")),
    ).toBe(true);
  } finally {
    composeRuntime({ env });
  }
});

describe("refusals", () => {
  const errorOf = async (fields: Record<string, string>) => {
    const browser = new Browser();
    const { status, url } = await browser.signIn(fields);
    expect(browser.cookies.has(portalCookieName("session"))).toBe(false);
    return [status, url.searchParams.get("error")];
  };

  test("name their reason in one word, which tells nothing to who does not know the password", async () => {
    const [person, unconfirmed, suspended] = [
      await createPerson(),
      await createPerson({ isVerified: false }),
      await createPerson(),
    ];
    await sql("UPDATE users SET status = 'suspended' WHERE id = $1", [suspended.userId]);
    expect(await errorOf({ ...credentials(person), password: "not it" })).toEqual([401, "TOKEN_INVALID"]);
    expect(await errorOf({ email: "nobody@example.com", password })).toEqual([401, "TOKEN_INVALID"]);
    expect(await errorOf({ ...credentials(unconfirmed), password: "not it" })).toEqual([401, "TOKEN_INVALID"]);
    expect(await errorOf(credentials(unconfirmed))).toEqual([401, "PERMISSION_DENIED"]);
    expect(await errorOf(credentials(suspended))).toEqual([401, "ACCOUNT_SUSPENDED"]);
    expect(await errorOf({})).toEqual([401, "TOKEN_INVALID"]);
    for (let guess = 0; guess < 9; guess++) await errorOf({ ...credentials(person), password: `guess ${guess}` });
    expect(await errorOf(credentials(person))).toEqual([401, "RATE_LIMIT_EXCEEDED"]);
  });

  test("a form without scripts is led to the sign-in page with the reason", async () => {
    const browser = new Browser();
    const { csrfToken } = (await (await browser.get("/csrf")).json()) as { csrfToken: string };
    const response = await browser.post("/callback/credentials", { csrfToken, email: "nobody@example.com", password });
    expect(response.status).toBe(302);
    const next = await browser.get(
      `/error?error=${new URL(response.headers.get("location") ?? "").searchParams.get("error")}`,
    );
    expect(next.headers.get("location")).toBe("/sign-in?error=TOKEN_INVALID");
  });

  test.each([
    ["no token", {}],
    ["a made-up token", { csrfToken: "x".repeat(64) }],
  ])("a POST with %s signs nobody in", async (_what, extra) => {
    const [person, browser] = [await createPerson(), new Browser()];
    await browser.get("/csrf");
    await browser.post("/callback/credentials", { ...credentials(person), ...extra, json: "true" });
    expect(await sessionsOf(person)).toEqual([]);
  });

  test.each(["https://evil.example", "null", "http://localhost:3211", "http://portal.localhost:3210", ""])(
    "a POST from the origin %j is a 403 problem",
    async (foreign) => {
      const [person, browser] = [await createPerson(), new Browser()];
      const { csrfToken } = (await (await browser.get("/csrf")).json()) as { csrfToken: string };
      const response = await browser.post(
        "/callback/credentials",
        { ...credentials(person), csrfToken },
        { origin: foreign },
      );
      expect([response.status, ((await response.json()) as { error_code: string }).error_code]).toEqual([
        403,
        "PERMISSION_DENIED",
      ]);
      expect(await sessionsOf(person)).toEqual([]);
    },
  );

  test.each([
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "http://localhost:3210.evil.example",
    "http://localhost:3210@evil.example",
    "\t//evil.example",
    "data:text/html,x",
  ])("after signing in %j is not where it leads", async (callbackUrl) => {
    const [person, browser] = [await createPerson(), new Browser()];
    browser.cookies.set(portalCookieName("callback"), encodeURIComponent(callbackUrl));
    const { status, url } = await browser.signIn({ ...credentials(person), callbackUrl });
    expect([status, url.href]).toEqual([200, `${origin}/`]);
    const page = await browser.get(`/signin?callbackUrl=${encodeURIComponent(callbackUrl)}`);
    expect(page.status).toBe(302);
    expect(decodeURIComponent(page.headers.get("location") ?? "")).not.toContain("evil");
  });

  test.each([
    ["actions of next-auth that we do not use", "/_log", "{}", 404],
    ["actions that do not exist", "/nonsense", "{}", 404],
    ["deeper paths", "/callback/credentials/x", "{}", 404],
    ["broken JSON", "/callback/credentials", "{", 400],
    ["a body over 16 KiB", "/callback/credentials", `{"a":"${"x".repeat(17_000)}"}`, 413],
  ])("%s are a problem, not a crash", async (_what, path, body, status) => {
    const response = await new Browser().post(path, body, { "content-type": "application/json" });
    expect([response.status, response.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
  });

  test.each([
    ["PUT", PUT],
    ["PATCH", PATCH],
    ["DELETE", DELETE],
    ["OPTIONS", OPTIONS],
  ])("%s is a 405 problem that names what is taken", async (method, refuse) => {
    const request = new NextRequest("http://internal:1/api/auth/signin", { method, headers: { origin } });
    const response = await refuse(request, { params: Promise.resolve({ nextauth: ["signin"] }) });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
    expect(await response.json()).toMatchObject({ error_code: "METHOD_NOT_ALLOWED", instance: "/api/auth/signin" });
  });

  test("HEAD is answered as GET", async () => {
    const request = new NextRequest("http://internal:1/api/auth/session", { method: "HEAD" });
    expect((await GET(request, { params: Promise.resolve({ nextauth: ["session"] }) })).status).toBe(200);
  });

  test("fields that are no texts count as not sent", async () => {
    const browser = new Browser();
    const { csrfToken } = (await (await browser.get("/csrf")).json()) as { csrfToken: string };
    for (const email of [{ not: "" }, ["a"], 1, null]) {
      const body = JSON.stringify({ csrfToken, json: "true", email, password: { not: "" }, callbackUrl: { x: 1 } });
      const response = await browser.post("/callback/credentials", body, { "content-type": "application/json" });
      expect(response.status).toBe(401);
    }
    for (const body of ["null", "1", '"x"', "[]"]) {
      expect(
        (await browser.post("/callback/credentials", body, { "content-type": "application/json" })).status,
      ).toBeLessThan(500);
    }
  });

  test("with the database away the reason is ours", async () => {
    const { postgres } = runtime();
    const broken = { connect: () => Promise.reject(new Error("gone")), query: () => Promise.reject(new Error("gone")) };
    composeRuntime({ postgres: { ...postgres, platform: broken as never } });
    try {
      expect(await errorOf({ email: "ada@example.com", password })).toEqual([401, "AUTH_BACKEND_UNAVAILABLE"]);
    } finally {
      composeRuntime({ postgres });
    }
  });
});
