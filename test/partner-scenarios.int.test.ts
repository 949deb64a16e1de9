import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Launch, startProduct } from "#test/product";

/** The calls that the original services document, as written there, against the running product and its demo data. */
let product: Launch;
let keys: Record<"premium" | "basic" | "todo" | "customer", string>;
let operator: Record<string, string>;

beforeAll(async () => {
  product = await startProduct();
  keys = JSON.parse(readFileSync(join(product.dataDir, "demo-keys.json"), "utf8"));
  operator = { authorization: `Bearer ${await signIn("operator")}` };
}, 300_000);

afterAll(() => product?.stop(), 60_000);

interface Reply {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects.
  body: any;
}

async function get(path: string, headers: Record<string, string> = {}, origin = product.url): Promise<Reply> {
  return read(await fetch(`${origin}${path}`, { headers }));
}

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  const json = { "content-type": "application/json", ...headers };
  return read(await fetch(`${product.url}${path}`, { method: "POST", headers: json, body: JSON.stringify(body) }));
}

async function read(response: Response): Promise<Reply> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? null : JSON.parse(text) };
}

async function signIn(name: "operator" | "customer"): Promise<string> {
  const login = { email: `${name}@portico.localhost`, password: "portico-demo" };
  const { status, body } = await post("/api/v1/api-management/auth/login", login);
  expect(status).toBe(200);
  return body.access_token;
}

const exchange = (apiKey: string) => post("/auth/token", { api_key: apiKey });

async function bearer(apiKey: string): Promise<Record<string, string>> {
  const { status, body } = await exchange(apiKey);
  expect(status).toBe(200);
  return { authorization: `Bearer ${body.access_token}` };
}

/** Usage is shipped a moment after it is answered. */
async function eventually<T>(ask: () => Promise<T>, isThere: (answer: T) => boolean): Promise<T> {
  for (let attempt = 1; attempt < 50; attempt += 1) {
    const answer = await ask();
    if (isThere(answer)) return answer;
    await sleep(200);
  }
  return ask();
}

const unixNow = () => Math.floor(Date.now() / 1000);

describe("the partner gateway's nine scenarios", () => {
  it("the quick start: a key is exchanged for a token that says whose it is and what it may", async () => {
    const { status, body } = await exchange(keys.premium);
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: "bearer",
      expires_in: 3600,
      partner_id: 1,
      partner_name: "Premium Partner",
      allowed_services: ["users", "posts", "comments", "todos", "albums", "photos"],
      rate_limit: 100,
    });
  });

  it("1: a token of a partner that may use the service gets through, on both ports, by token and by key", async () => {
    const leanne = { id: 1, name: "Leanne Graham", username: "Bret", email: "Sincere@april.biz" };
    const token = await bearer(keys.premium);
    const answers = [
      await get("/users/1", token),
      await get("/users/1", token, product.gatewayUrl),
      await get("/users/1", { "x-api-key": keys.premium }),
    ];
    for (const { status, headers, body } of answers) {
      expect(status).toBe(200);
      expect(body).toMatchObject(leanne);
      expect(headers.get("x-ratelimit-limit")).toBe("100");
      expect(headers.get("x-ratelimit-window")).toBe("60");
      expect(Number(headers.get("x-ratelimit-reset"))).toBeGreaterThan(unixNow() - 2);
    }
    // The key and its token share one limit (rules R13).
    expect(answers.map(({ headers }) => headers.get("x-ratelimit-remaining"))).toEqual(["99", "98", "97"]);
  });

  it("2: without a token it is 401", async () => {
    const { status, headers, body } = await get("/users/1");
    expect(status).toBe(401);
    expect(headers.get("content-type")).toBe("application/json");
    expect(headers.get("www-authenticate")).toBeTruthy();
    expect(body).toEqual({ detail: { error: "Unauthorized", message: "Could not validate credentials" } });
  });

  it("2: and so it is with a token that was changed", async () => {
    const { authorization = "" } = await bearer(keys.premium);
    const { status, body } = await get("/users/1", { authorization: `${authorization.slice(0, -4)}AAAA` });
    expect([status, body.detail.message]).toEqual([401, "Could not validate credentials"]);
  });

  it("3: a wrong key gets no token, with 401", async () => {
    const { status, body } = await exchange("invalid-key-xyz");
    expect(status).toBe(401);
    expect(body).toEqual({ detail: { error: "Unauthorized", message: "Invalid API key" } });
  });

  it("4: a service the partner may not use is 403 and names those it may", async () => {
    const { status, body } = await get("/todos/1", await bearer(keys.basic));
    expect(status).toBe(403);
    expect(body).toEqual({
      detail: {
        error: "Forbidden",
        message: "Your API key does not have access to the 'todos' service",
        allowed_services: ["users", "posts"],
      },
    });
  });

  it("5: one it may use answers", async () => {
    const { status, body } = await get("/todos/1", await bearer(keys.todo));
    expect(status).toBe(200);
    expect(body).toEqual({ userId: 1, id: 1, title: "delectus aut autem", completed: false });
  });

  it("6: of 31 calls in a minute exactly the 31st is 429", async () => {
    const token = await bearer(keys.basic);
    const replies: Reply[] = [];
    for (let call = 1; call <= 31; call += 1) replies.push(await get("/users/1", token));
    expect(replies.map(({ status }) => status)).toEqual([...Array(30).fill(200), 429]);
    expect(replies.map(({ headers }) => Number(headers.get("x-ratelimit-remaining")))).toEqual([
      ...Array.from({ length: 30 }, (_, at) => 29 - at),
      0,
    ]);

    const { headers, body } = replies.at(-1) as Reply;
    const retryAfter = Number(headers.get("retry-after"));
    expect(body).toEqual({
      detail: {
        error: "Too Many Requests",
        message: "Rate limit exceeded. Limit: 30 requests per 60 seconds",
        retry_after: retryAfter,
      },
    });
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(60);
    expect(headers.get("x-ratelimit-limit")).toBe("30");
    const wait = Number(headers.get("x-ratelimit-reset")) - unixNow();
    expect(Math.abs(wait - retryAfter)).toBeLessThanOrEqual(2);
  });

  it("7: an administrator makes a partner, whose key works at once", async () => {
    const newCompany = { name: "NewCompany", service_ids: [1, 2], rate_limit: 50 };
    const { status, body } = await post("/admin/partners", newCompany, operator);
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.any(Number),
      name: "NewCompany",
      allowed_services: ["users", "posts"],
      rate_limit: 50,
      is_active: true,
      api_key: expect.stringMatching(/^ak_/),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
      updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
    });

    const token = await exchange(body.api_key);
    expect(token.body).toMatchObject({ partner_id: body.id, partner_name: "NewCompany", rate_limit: 50 });
    const headers = { authorization: `Bearer ${token.body.access_token}` };
    expect((await get("/posts/1", headers)).status).toBe(200);
    expect((await get("/todos/1", headers)).status).toBe(403);

    const list = await get("/admin/partners", operator);
    expect(list.body.map((partner: { name: string }) => partner.name)).toEqual([
      "Premium Partner",
      "Basic Partner",
      "Todo App",
      "NewCompany",
    ]);
    expect(list.body[0]).not.toHaveProperty("api_key");
  });

  it("7: by name of the service, too, and only an administrator", async () => {
    const newPartner = { name: "New Partner", allowed_services: ["users"], rate_limit: 50 };
    const stranger = await post("/admin/partners", newPartner);
    expect([stranger.status, stranger.body.detail.error]).toEqual([401, "Unauthorized"]);
    const made = await post("/admin/partners", newPartner, operator);
    expect([made.status, made.body.allowed_services]).toEqual([200, ["users"]]);
  });

  it("8: a POST reaches the service with its body", async () => {
    const newPost = { title: "My New Post", body: "Post content here", userId: 1 };
    const { status, body } = await post("/posts", newPost, await bearer(keys.premium));
    expect(status).toBe(201);
    expect(body).toEqual({ id: 101, ...newPost });
  });

  it("9: an administrator sees all of it in the analytics and the logs", async () => {
    const { status, body } = await eventually(
      () => get("/admin/analytics", operator),
      ({ body }) => body.status_distribution?.["201"] === 1,
    );
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual([
      "period_hours",
      "total_requests",
      "total_errors",
      "error_rate",
      "average_response_time_ms",
      "requests_by_partner",
      "top_endpoints",
      "status_distribution",
    ]);
    // Refused were: twice the credential (2), twice the service (4, 7), once the limit (6).
    expect(body.status_distribution).toEqual({ "200": 35, "201": 1, "401": 2, "403": 2, "429": 1 });
    expect(body).toMatchObject({ period_hours: 24, total_requests: 41, total_errors: 5, error_rate: 12.2 });
    expect(body.requests_by_partner).toMatchObject({ "1": 4, "2": 32, "3": 1 });
    expect(body.top_endpoints[0]).toEqual({ path: "/users/1", count: 36 });
    expect(body.average_response_time_ms).toBeGreaterThan(0);

    const logs = await get("/admin/logs?limit=10", operator);
    expect(logs.body).toHaveLength(10);
    expect(logs.body[0]).toMatchObject({ partner_id: 1, method: "POST", path: "/posts", status_code: 201 });
    expect((await get("/admin/analytics")).status).toBe(401);
  });
});

describe("the GST platform's calls", () => {
  let key: string;
  let user: Record<string, string>;

  it("a key with a limit of its own is made under the old path", async () => {
    user = { authorization: `Bearer ${await signIn("customer")}` };
    const { status, body } = await post(
      "/api/management/keys/",
      { name: "Production Key", rate_limit_per_minute: 100 },
      user,
    );
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: "Production Key", rate_limit_per_minute: 100 });
    key = body.key;
  });

  it("and verifies a number, trailing slash and all", async () => {
    const { status, headers, body } = await post(
      "/api/gst/verify/",
      { gstin: "29ABCDE1234F1Z5" },
      { "x-api-key": key },
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ gstin: "29ABCDE1234F1Z5", valid: false, state: "Karnataka" });
    expect(headers.get("x-ratelimit-limit")).toBe("100");
    expect(headers.get("x-ratelimit-remaining")).toBe("99");
    const real = await post("/api/gst/verify/", { gstin: "27AAPFU0939F1ZV" }, { "x-api-key": key });
    expect(real.body.valid).toBe(true);
  });

  it("which the statistics tell", async () => {
    const { status, body } = await eventually(
      () => get("/api/management/stats/", user),
      ({ body }) => body.total_requests >= 2,
    );
    expect(status).toBe(200);
    expect(body.total_requests).toBe(2);
  });

  it("without a key it is 401, as a problem", async () => {
    const { status, headers, body } = await post("/api/gst/verify/", { gstin: "29ABCDE1234F1Z5" });
    expect(status).toBe(401);
    expect(headers.get("content-type")).toContain("application/problem+json");
    expect(body).toMatchObject({ status: 401, error_code: "API_KEY_INVALID", path: "/api/gst/verify/" });
  });

  it("another method than POST is 405 and says so", async () => {
    const { status, headers } = await get("/api/gst/verify/", { "x-api-key": key });
    expect([status, headers.get("allow")]).toEqual([405, "POST"]);
  });
});

describe("the internet provider's call", () => {
  it("a customer's key gets the services of the customer it belongs to", async () => {
    const { status, headers, body } = await get("/api/v1/customers/me/services", { "x-api-key": keys.customer });
    expect(status).toBe(200);
    const whoami = await get("/api/v1/api-management/whoami", { "x-api-key": keys.customer });
    expect(body.customer_id).toBe(whoami.body.account_id);
    expect(body.data.length).toBeGreaterThan(0);
    for (const name of ["limit", "remaining", "reset", "window"]) {
      expect(headers.get(`x-ratelimit-${name}`)).toMatch(/^\d+$/);
    }
  });

  it("nobody can say they are somebody else", async () => {
    const claim = { "x-api-key": keys.customer, "x-account-id": "acct_other", x_account_id: "acct_other" };
    const { body } = await get("/api/v1/customers/me/services", claim);
    expect(body.customer_id).toMatch(/^acct_/);
    expect(body.customer_id).not.toBe("acct_other");
  });
});
