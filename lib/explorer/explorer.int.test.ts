import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isAppError } from "#lib/core/errors";
import { checkExplorerCredential } from "#lib/explorer/check-explorer-credential";
import { signToken, type TokenKind, tokenKinds } from "#lib/identity/tokens";
import { composeRuntime, runtime } from "#lib/platform/runtime";
import { MemoryLimitStore } from "#lib/rate-limits/memory-limit-store";
import { signIn } from "#test/browser-session";
import { openTestGateway, type TestGateway } from "#test/gateway";
import { tokenOf } from "#test/operator";
import { type RecordingUpstream, startUpstream } from "#test/upstream";
import { issueKey } from "#test/world";
import { POST } from "../../app/(docs)/docs/explorer/call/route.ts";

let gateway: TestGateway;
let upstream: RecordingUpstream;
let cookie: string;
let key: { id: string; key: string };
const anonymous = { kind: "authentication", configuration: { accept: ["anonymous"], required_scopes: [] } };

beforeAll(async () => {
  upstream = await startUpstream((req, res) => {
    res.setHeader("set-cookie", "upstream=1").setHeader("x-upstream", "yes");
    if (req.url === "/users/large") res.end(Buffer.alloc(1024 * 1024 + 5, "a"));
    else if (req.url === "/users/none") res.writeHead(204).end();
    else req.pipe(res.writeHead(req.url === "/users/missing" ? 404 : 200));
  });
  gateway = await openTestGateway();
  await gateway.publish({ path: "/users/*", url: upstream.url });
  await gateway.publish({ path: "/open/*", url: upstream.url, policies: [anonymous] });
  await gateway.start();
  runtime().env.PORT = gateway.portalPort; // where the proxy finds this process
  const { one } = gateway.world;
  cookie = await signIn(one.tenantId, one.customer);
  key = await issueKey(one.tenantId, one.customer, {
    limits: [{ algorithm: "sliding_window", limit: 40, window_seconds: 60 }],
  });
});
beforeEach(() => {
  composeRuntime({ limiter: new MemoryLimitStore() });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const soon = { timeout: 1_000, interval: 10 };
const origin = "http://portal.test:3999";

interface Page {
  headers?: Record<string, string>;
  from?: string;
}

/** What the explorer's page sends, and what it gets. */
async function post(body: object, { headers, from = "192.0.2.8" }: Page = {}) {
  const request = new Request(`${origin}/docs/explorer/call`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-real-ip": from,
      "user-agent": "A browser",
      cookie,
      origin,
      ...headers,
    },
    body: JSON.stringify({ key_id: key.id, method: "GET", ...body }),
  });
  const response = await POST(request, { params: Promise.resolve({}) });
  const answer = await response.json();
  const text = typeof answer.body === "string" ? Buffer.from(answer.body, "base64").toString() : "";
  return { status: response.status, answer, text };
}

const signClaims = async (now = new Date(), lifetimeSeconds = 900) =>
  signToken(
    "explorer",
    { subject: gateway.world.one.customer, keyId: key.id, generation: 1, userId: "usr_1", ipAddress: "192.0.2.8" },
    lifetimeSeconds,
    now,
  );
const codeOf = async (token: string, now = new Date()) => {
  const verdict = await checkExplorerCredential(token, now);
  return isAppError(verdict) ? verdict.code : "good";
};

describe("a try", () => {
  it("200: passes the call to the route as the key, and its answer back with status and limits", async () => {
    const sent = { method: "POST", path: "/users/1?a=b", headers: { "content-type": "text/plain" }, body: "héllo" };
    const { status, answer, text } = await post(sent);
    expect(status).toBe(200);
    expect(answer).toMatchObject({
      status: 200,
      is_cut: false,
      headers: { "x-upstream": "yes", "x-ratelimit-limit": "40", "x-ratelimit-remaining": "39" },
    });
    expect(text).toBe("héllo");
    const arrived = upstream.requests.at(-1);
    expect(arrived).toMatchObject({ method: "POST", url: "/users/1?a=b" });
    expect(arrived?.header("x-key-id")).toEqual([key.id]);
    expect(arrived?.header("content-type")).toEqual(["text/plain"]);
    expect(arrived?.header("user-agent")).toEqual(["A browser"]);
    expect((await post({ path: "/users/2" })).answer.headers["x-ratelimit-remaining"]).toBe("38");
    expect((await post({ path: "/users/missing" })).answer.status).toBe(404);
    expect((await post({ path: "/users/none" })).answer).toMatchObject({ status: 204, body: "" });
  });

  it("carries no cookie and no credential to the upstream, and none back", async () => {
    const headers = {
      Cookie: cookie,
      Authorization: "Bearer x",
      "X-API-Key": "ak_other",
      "X-Forwarded-For": "1.2.3.4",
    };
    for (const path of ["/users/1", "/open/1"]) {
      const { answer } = await post({ path, headers });
      expect(answer.status).toBe(200);
      expect(Object.keys(answer.headers)).not.toContain("set-cookie");
      const arrived = upstream.requests.at(-1);
      const text = JSON.stringify(arrived?.rawHeaders);
      expect(arrived?.header("cookie")).toEqual([]);
      expect(arrived?.header("authorization")).toEqual([]);
      expect(arrived?.header("x-api-key")).toEqual([]);
      expect(text).not.toMatch(/portico\.|1\.2\.3\.4|eyJ/);
    }
  });

  it("cuts an answer at 1 MiB and says so", async () => {
    const { answer, text } = await post({ path: "/users/large" });
    expect(answer.is_cut).toBe(true);
    expect(text).toHaveLength(1024 * 1024);
  });

  it("is recorded once, as a call of the key by that person from where they are, and says so", async () => {
    const { one } = gateway.world;
    const { answer } = await post({ path: "/users/recorded" }, { from: "192.0.2.9" });
    const requestId = answer.headers["x-request-id"];
    const find = async () =>
      (
        await runtime().postgres.platform.query("SELECT * FROM usage_events WHERE api_key_id = $1 AND path = $2", [
          key.id,
          "/users/recorded",
        ])
      ).rows;
    await expect.poll(async () => (await find()).length, { timeout: 5_000 }).toBe(1);
    const [event] = await find();
    expect(event).toMatchObject({
      request_id: requestId,
      account_id: one.customer,
      ip_address: "192.0.2.9",
      status: 200,
    });
    expect(event.user_id).toMatch(/^usr_/);
    expect(event.trace).toContain(106);
    const { rows } = await runtime().postgres.platform.query("SELECT 1 FROM usage_events WHERE path LIKE '/docs%'");
    expect(rows).toEqual([]);
  });

  it("403 from another origin, 401 without the portal's cookie, whatever key is sent instead", async () => {
    for (const wrong of ["https://evil.example", "null", "http://portal.test"])
      expect((await post({ path: "/users/1" }, { headers: { origin: wrong } })).status).toBe(403);
    expect((await post({ path: "/users/1" }, { headers: { cookie: "" } })).status).toBe(401);
    const asProgram = { cookie: "", "x-api-key": key.key };
    expect((await post({ path: "/users/1" }, { headers: asProgram })).status).toBe(401);
    const token = await tokenOf(gateway.world.one.tenantId);
    expect(
      (await post({ path: "/users/1" }, { headers: { cookie: "", authorization: `Bearer ${token}` } })).status,
    ).toBe(401);
  });

  it("404 for another account's key and another tenant's, as for none", async () => {
    const { one, two } = gateway.world;
    const stranger = await issueKey(one.tenantId, one.stranger);
    const foreign = await issueKey(two.tenantId, two.customer);
    const answers = await Promise.all(
      [stranger.id, foreign.id, "key_0000000000000000000000"].map((key_id) => post({ path: "/users/1", key_id })),
    );
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(new Set(answers.map(({ answer }) => answer.detail)).size).toBe(1);
  });

  it("403 for a key that may do more than the caller, 409 for one that is not active", async () => {
    const { one } = gateway.world;
    const admin = await issueKey(one.tenantId, one.customer, { permissions: { read: true, write: true, admin: true } });
    expect((await post({ path: "/users/1", key_id: admin.id })).status).toBe(403);
    const disabled = await issueKey(one.tenantId, one.customer);
    const token = await tokenOf(one.tenantId);
    await gateway.api.call("POST", `keys/${disabled.id}/disable`, { token });
    expect((await post({ path: "/users/1", key_id: disabled.id })).status).toBe(409);
  });

  it("422 for what is no path of an API here", async () => {
    const before = upstream.requests.length;
    for (const path of [
      "//evil",
      upstream.url,
      "/docs/../users/1",
      "@evil",
      "/keys",
      "/api/v1/api-management/auth/login",
    ])
      expect((await post({ path })).status, path).toBe(422);
    expect(upstream.requests.length).toBe(before);
    expect((await post({ path: "/users/1", headers: { "x-a": "1\r\nx-b: 2" } })).status).toBe(422);
    expect((await post({ path: "/users/1", method: "CONNECT" })).status).toBe(422);
  });

  it("holds to the key's permissions and to its addresses, by where the person sits", async () => {
    const { one } = gateway.world;
    const reader = await issueKey(one.tenantId, one.customer, {
      permissions: { read: true, write: false, admin: false },
    });
    expect((await post({ path: "/users/1", key_id: reader.id })).answer.status).toBe(200);
    expect((await post({ path: "/users/1", key_id: reader.id, method: "POST", body: "" })).answer.status).toBe(403);
    const bound = await issueKey(one.tenantId, one.customer, { allowed_ips: ["198.51.100.0/24"] });
    const tried = (from: string) => post({ path: "/users/1", key_id: bound.id }, { from });
    expect((await tried("198.51.100.4")).answer.status).toBe(200);
    expect((await tried("127.0.0.1")).answer.status).toBe(403);
  });

  it("503 when this process cannot be reached", async () => {
    const { PORT } = runtime().env;
    const session = cookie.replace(`.${PORT}=`, ".1=");
    runtime().env.PORT = 1;
    const { status, answer } = await post({ path: "/users/1" }, { headers: { cookie: session } });
    runtime().env.PORT = PORT;
    expect([status, answer.error_code]).toEqual([503, "UPSTREAM_UNAVAILABLE"]);
  });
});

describe("the explorer's credential", () => {
  it("is the key on the management API and on gateway routes, in X-API-Key and nowhere else", async () => {
    const credential = await signClaims();
    const whoami = await gateway.api.call("GET", "whoami", { key: credential });
    expect(whoami.status).toBe(200);
    expect(JSON.stringify(whoami.body)).toContain(key.id);
    expect(whoami.headers.get("x-ratelimit-limit")).toBe("40");
    expect((await gateway.api.call("GET", "whoami", { token: credential })).status).toBe(401);
    expect((await gateway.send("/users/1", { key: credential })).status).toBe(200);
    expect((await gateway.send("/users/1", { token: credential })).status).toBe(401);
  });

  it("shares the key's limits", async () => {
    const remaining = async (given: string) =>
      (await gateway.send("/users/1", { key: given })).headers["x-ratelimit-remaining"];
    expect([await remaining(key.key), await remaining(await signClaims()), await remaining(key.key)]).toEqual([
      "39",
      "38",
      "37",
    ]);
  });

  it("is refused after 15 minutes", async () => {
    const credential = await signClaims();
    expect(await codeOf(credential, new Date(Date.now() + 890_000))).toBe("good");
    expect(await codeOf(credential, new Date(Date.now() + 901_000))).toBe("API_KEY_INVALID");
  });

  it("is refused within a second once its key is revoked, as the key is", async () => {
    const { one } = gateway.world;
    const doomed = await issueKey(one.tenantId, one.customer);
    const claims = { subject: one.customer, keyId: doomed.id, generation: 1, userId: "usr_1", ipAddress: "192.0.2.8" };
    const credential = await signToken("explorer", claims, 900, new Date());
    const code = async () => (await gateway.send("/users/1", { key: credential })).json?.error_code ?? "good";
    expect(await code()).toBe("good");
    await gateway.api.call("POST", `keys/${doomed.id}/revoke`, { token: await tokenOf(one.tenantId) });
    await expect.poll(code, soon).toBe("API_KEY_REVOKED");
    await expect.poll(() => codeOf(credential), soon).toBe("API_KEY_REVOKED");
  });

  it("is refused for another account than its key's, and no other kind of token passes for it", async () => {
    const claims = { keyId: key.id, generation: 1, userId: "usr_1", ipAddress: "192.0.2.8", sessionId: "ses_1" };
    const foreign = { ...claims, subject: gateway.world.one.stranger };
    expect(await codeOf(await signToken("explorer", foreign, 900, new Date()))).toBe("TOKEN_INVALID");
    for (const kind of (Object.keys(tokenKinds) as TokenKind[]).filter((name) => name !== "explorer")) {
      const other = await signToken(kind, { ...claims, subject: gateway.world.one.customer }, 900, new Date());
      expect(await codeOf(other), kind).toBe("API_KEY_INVALID");
      const unknown = await gateway.send("/users/1", { key: `ak_${"0".repeat(32)}` });
      const refused = await gateway.send("/users/1", { key: other });
      expect([refused.status, refused.json.detail], kind).toEqual([401, unknown.json.detail]);
      expect((await gateway.api.call("GET", "whoami", { key: other })).body.error_code, kind).toBe("API_KEY_INVALID");
    }
  });
});
