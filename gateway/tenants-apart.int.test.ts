import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { signToken } from "#lib/identity/tokens";
import { runtime } from "#lib/platform/runtime";
import { peekLimits } from "#lib/rate-limits/consume-limits";
import { checksOfAddress, guardTag } from "#lib/rate-limits/guard-limits";
import { openTestGateway, type TestGateway } from "#test/gateway";
import { withinOneSecond } from "#test/identity";
import { type RecordingUpstream, startUpstream } from "#test/upstream";
import { issueKey } from "#test/world";

let gateway: TestGateway;
let upstream: RecordingUpstream;
let key: string;
let answerHeaders: Record<string, string | string[]>;

const allow = { kind: "authentication", configuration: { accept: ["anonymous"], required_scopes: [] } };
const cors = {
  ...{ allowed_origins: ["https://Customer.isp.com"], allowed_methods: ["GET"], allowed_headers: [] },
  ...{ exposed_headers: [], allow_credentials: false, max_age: 600 },
};

beforeAll(async () => {
  upstream = await startUpstream((_req, res) => res.writeHead(200, answerHeaders).end("ok"));
  gateway = await openTestGateway();
  const { one, two } = gateway.world;
  await gateway.publish({ path: "/users/*", url: upstream.url, route: { methods: ["GET"] } });
  await gateway.publish({
    path: "/pages",
    url: upstream.url,
    gateway: { cors: JSON.stringify(cors) },
    policies: [allow],
  });
  await gateway.publish({ path: "/*", url: upstream.url, policies: [allow], tenantId: two.tenantId });
  key = (await issueKey(one.tenantId, one.customer)).key;
  await gateway.start();
});

beforeEach(() => {
  answerHeaders = {};
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const latest = () => upstream.requests.at(-1) ?? expect.fail("nothing arrived upstream");

describe("a credential of ours", () => {
  it.each([
    ["x-api-key", (own: string) => own],
    ["X-Api-Key", (own: string) => own],
    ["authorization", (own: string) => `Bearer ${own}`],
    ["authorization", (own: string) => `Basic abc, Bearer ${own}`],
    ["authorization", (own: string) => own],
  ])("never reaches an upstream that asked for none (%s)", async (name, write) => {
    expect((await gateway.send("/elsewhere", { headers: { [name]: write(key) } })).status).toBe(200);
    expect(JSON.stringify(latest().rawHeaders)).not.toContain(key);
  });

  it("but another's does: it is the upstream's business", async () => {
    await gateway.send("/elsewhere", { headers: { "x-api-key": "theirs", authorization: "Bearer theirs" } });
    expect([latest().header("x-api-key"), latest().header("authorization")]).toEqual([["theirs"], ["Bearer theirs"]]);
  });

  it("of another tenant is refused as one that never was", async () => {
    const { two } = gateway.world;
    const foreign = await issueKey(two.tenantId, two.customer);
    const claims = { subject: two.customer, keyId: foreign.id, generation: 1 };
    const token = await signToken("partner", claims, 60, new Date());
    const same = ({ json }: { json: Record<string, unknown> }) => ({ ...json, request_id: "", timestamp: "" });
    const garbage = same(await gateway.send("/users/1", { token: "not.our.token" }));
    expect(garbage).toMatchObject({ error_code: "TOKEN_INVALID" });
    expect(same(await gateway.send("/users/1", { token }))).toEqual(garbage);
  });
});

describe("headers that upstreams or browsers would believe", () => {
  it.each(["Proxy", "X-Consumer-Id", "X_Consumer_Groups", "X-Authenticated-Userid", "x-authenticated-scope"])(
    "%s of a client stays here",
    async (name) => {
      await gateway.send("/elsewhere", { headers: { [name]: "forged" } });
      expect(latest().header(name.toLowerCase())).toEqual([]);
    },
  );

  it("a cookie without a name does not get one of the portal's", async () => {
    answerHeaders = {
      "set-cookie": [
        "=portico.session.3999=planted",
        " = portico.csrf.3999=planted",
        "portico.session.3999; Path=/",
        "a=1",
      ],
    };
    expect((await gateway.send("/elsewhere")).headers["set-cookie"]).toEqual(["a=1"]);
  });
});

describe("a program that forgets its key", () => {
  it("does not use up what people have for signing in from the same network", async () => {
    await gateway.publish({ path: "/keyed", url: upstream.url });
    await withinOneSecond(async () => (await gateway.send("/keyed")).status === 401);
    const { limiter } = runtime();
    const { binding } = await peekLimits(limiter, guardTag, checksOfAddress("127.0.0.1"));
    expect(binding?.used).toBe(0);
  });
});

describe("CORS", () => {
  it("an answer that depends on the origin says so, also to who sent none: a cache would give it to others", async () => {
    expect((await gateway.send("/pages")).headers.vary).toBe("Origin");
  });

  it("an origin is compared as browsers write it", async () => {
    const allowed = await gateway.send("/pages", { headers: { origin: "https://customer.isp.com" } });
    expect(allowed.headers["access-control-allow-origin"]).toBe("https://customer.isp.com");
    for (const origin of ["https://CUSTOMER.isp.com", "https://customer.isp.com.", "null", "http://customer.isp.com"])
      expect((await gateway.send("/pages", { headers: { origin } })).headers).not.toHaveProperty(
        "access-control-allow-origin",
      );
  });
});
