import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HttpMethod } from "#lib/core/endpoint";
import { runtime } from "#lib/platform/runtime";
import { openApi, type TestApi } from "#test/api";
import { gatewayChangesDuring, type People, recordsOf, sameBytes, signInPeople } from "#test/people";
import { createWorld } from "#test/world";

let api: TestApi;
let people: People;
let serviceId: string;

beforeAll(async () => {
  api = await openApi();
  people = await signInPeople(await createWorld());
  serviceId = (await as("operator")("POST", "services", { name: "s", base_url: "http://s.test" })).body.id;
});

afterAll(() => api.close());

const as = (who: keyof People) => (method: HttpMethod, path: string, body?: unknown) =>
  api.call(method, path, { token: people[who], ...(body !== undefined && { body }) });
let count = 0;
const newGateway = async (body: object = {}, who: keyof People = "operator") =>
  (await as(who)("POST", "gateways", { name: `Gateway ${++count}`, ...body })).body;
const claimed = async () =>
  (await runtime().postgres.platform.query("SELECT name FROM gateway_domains ORDER BY name")).rows.map(
    ({ name }) => name,
  );

describe("gateways", () => {
  it("201: with defaults, and with all it can be given", async () => {
    expect(await newGateway()).toMatchObject({
      id: expect.stringMatching(/^gw_/),
      description: null,
      domains: [],
      serve_on_portal: false,
      error_format: "problem",
      cors: null,
      is_active: true,
      routes_count: 0,
    });
    const full = await newGateway({
      description: "For partners",
      domains: ["API.isp.test", "api.isp.test"],
      error_format: "partner",
      cors: { allowed_origins: ["https://customer.isp.test"], allow_credentials: true },
      is_active: false,
    });
    expect(full).toMatchObject({
      domains: ["api.isp.test"],
      error_format: "partner",
      cors: { allowed_origins: ["https://customer.isp.test"], allow_credentials: true, max_age: 600 },
      is_active: false,
    });
    expect((await as("operator")("GET", `gateways/${full.id}`)).body).toEqual(full);
  });

  it("200: a change keeps what is absent and clears what is null", async () => {
    const gateway = await newGateway({ description: "Old", cors: { allowed_origins: ["*"] } });
    const path = `gateways/${gateway.id}`;
    const changed = await as("operator")("PUT", path, { cors: null, error_format: "partner" });
    expect(changed).toMatchObject({ status: 200, body: { description: "Old", cors: null, error_format: "partner" } });
    expect((await as("operator")("PUT", path, {})).body).toEqual(changed.body);
    const actions = ["gateway.created", "gateway.updated"];
    expect(await recordsOf(gateway.id)).toEqual({ audit: actions, events: actions });
  });

  it("409: a name is one gateway's", async () => {
    const { name } = await newGateway();
    const other = await newGateway();
    const detail = `A gateway named "${name}" exists already.`;
    expect(await as("operator")("POST", "gateways", { name })).toMatchObject({ status: 409, body: { detail } });
    expect((await as("operator")("PUT", `gateways/${other.id}`, { name })).body).toMatchObject({ status: 409, detail });
  });

  it("200: lists newest first, in pages, by name or domain", async () => {
    const made = [];
    for (let n = 0; n < 3; n++) made.push((await newGateway({ name: `Paged ${n}`, domains: [`paged-${n}.test`] })).id);
    const first = await as("operator")("GET", "gateways?search=paged&limit=2");
    expect(first.body).toMatchObject({ data: [{ id: made[2] }, { id: made[1] }], has_more: true });
    expect(first.headers.get("link")).toContain('rel="next"');
    const second = await as("operator")("GET", `gateways?search=paged&limit=2&cursor=${first.body.next_cursor}`);
    expect(second.body).toMatchObject({ data: [{ id: made[0] }], next_cursor: null });
    expect((await as("operator")("GET", "gateways?search=paged-1.TEST")).body.data).toMatchObject([{ id: made[1] }]);
  });

  it("204: deleted with its routes, a repeat finds nothing", async () => {
    const gateway = await newGateway({ domains: ["gone.test"] });
    await as("operator")("POST", `gateways/${gateway.id}/routes`, { path: "/a", service_id: serviceId });
    expect((await as("operator")("GET", `gateways/${gateway.id}`)).body.routes_count).toBe(1);
    const remove = () => as("operator")("DELETE", `gateways/${gateway.id}`);
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
    expect((await as("operator")("GET", `services/${serviceId}`)).body.routes_count).toBe(0);
    expect(await claimed()).not.toContain("gone.test");
  });
});

describe("domains", () => {
  it("409: one of another tenant, who says no more than that; nothing of the change stays", async () => {
    await newGateway({ domains: ["first.test"] });
    const foreign = await newGateway({}, "foreign");
    const detail = "The domain first.test belongs to another operator.";
    const attempts = [
      await as("foreign")("POST", "gateways", { name: "Thief", domains: ["own.test", "First.test"] }),
      await as("foreign")("PUT", `gateways/${foreign.id}`, { domains: ["own.test", "first.test"] }),
    ];
    for (const attempt of attempts)
      expect(attempt).toMatchObject({ status: 409, body: { error_code: "CONFLICT", detail } });
    expect(await claimed()).not.toContain("own.test");
    expect((await as("foreign")("GET", `gateways/${foreign.id}`)).body.domains).toEqual([]);
  });

  it("are free for others when no gateway of the tenant has them any more", async () => {
    const one = await newGateway({ domains: ["shared.test", "kept.test"] });
    const two = await newGateway({ domains: ["shared.test"] });
    const foreign = () => as("foreign")("POST", "gateways", { name: `Waits ${++count}`, domains: ["shared.test"] });
    await as("operator")("PUT", `gateways/${one.id}`, { domains: ["kept.test"] });
    expect((await foreign()).status).toBe(409);
    await as("operator")("DELETE", `gateways/${two.id}`);
    expect((await foreign()).status).toBe(201);
    expect(await claimed()).toContain("kept.test");
  });

  it("of two tenants that name the same ones at once, in any order, one gets them and nobody waits for ever", async () => {
    const names = ["race-a.test", "race-b.test"];
    const answers = await Promise.all(
      [0, 1, 2, 3].map((n) =>
        as(n % 2 === 0 ? "operator" : "foreign")("POST", "gateways", {
          name: `Race ${n}`,
          domains: n < 2 ? names : names.toReversed(),
        }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409]);
    expect(answers[0]?.status).toBe(answers[2]?.status);
  });

  it("422: the portal's own host, addresses, and what is no host name, at its place in the list", async () => {
    const refusals = [
      [["ok.test", "Portal.test"], "#/domains/1"],
      [["http://x.test"], "#/domains/0"],
      [["x.test:8080"], "#/domains/0"],
      [["10.0.0.5"], "#/domains/0"],
      [["ok.test", "0x7f.1"], "#/domains/1"],
      [["localhost"], "#/domains/0"],
    ] as const;
    for (const [domains, pointer] of refusals)
      expect(await as("operator")("POST", "gateways", { name: "Never", domains })).toMatchObject({
        status: 422,
        body: { errors: [{ in: "body", pointer }] },
      });
  });
});

describe("the portal's own host", () => {
  it("403: an operator neither opens nor closes it to a gateway; a super admin does", async () => {
    const denied = { status: 403, body: { error_code: "PERMISSION_DENIED" } };
    expect(await as("operator")("POST", "gateways", { name: "Nope", serve_on_portal: true })).toMatchObject(denied);
    const gateway = await newGateway({ serve_on_portal: false });
    const path = `gateways/${gateway.id}`;
    expect(await as("operator")("PUT", path, { serve_on_portal: true })).toMatchObject(denied);
    const opened = await as("superAdmin")("PUT", path, { serve_on_portal: true });
    expect(opened).toMatchObject({ status: 200, body: { serve_on_portal: true } });
    expect(await as("operator")("PUT", path, { serve_on_portal: false })).toMatchObject(denied);
    const kept = await as("operator")("PUT", path, { serve_on_portal: true, description: "Same as it was" });
    expect(kept).toMatchObject({ status: 200, body: { serve_on_portal: true } });
  });

  it("409: a gateway with a route on one of the portal's paths cannot come to meet them", async () => {
    const gateway = await newGateway({ domains: ["all-its-own.test"] });
    const path = `gateways/${gateway.id}`;
    const made = await as("operator")("POST", `${path}/routes`, {
      name: "Old keys",
      path: "/keys/*",
      service_id: serviceId,
    });
    expect(made.status).toBe(201);
    const detail = 'The route "Old keys" serves /keys/*, which belongs to the portal. Give it another path first.';
    expect(await as("superAdmin")("PUT", path, { serve_on_portal: true })).toMatchObject({
      status: 409,
      body: { detail },
    });
    expect(await as("operator")("PUT", path, { domains: [] })).toMatchObject({ status: 409, body: { detail } });
    await as("operator")("PUT", `${path}/routes/${made.body.id}`, { path: "/old-keys/*" });
    expect((await as("superAdmin")("PUT", path, { serve_on_portal: true })).status).toBe(200);
  });
});

describe("who", () => {
  it("404: another tenant's gateway is as one that never was, byte for byte", async () => {
    const gateway = await newGateway();
    const requests = (id: string): [HttpMethod, string, object?][] => [
      ["GET", `gateways/${id}`],
      ["PUT", `gateways/${id}`, { name: "Stolen", serve_on_portal: true }],
      ["DELETE", `gateways/${id}`],
    ];
    const absent = requests("gw_0000000000000000000000");
    for (const [at, request] of requests(gateway.id).entries()) {
      const [foreign, none] = [await as("foreign")(...request), await as("foreign")(...(absent[at] ?? request))];
      expect([foreign.status, sameBytes(foreign.body)]).toEqual([404, sameBytes(none.body)]);
    }
    expect((await as("operator")("GET", `gateways/${gateway.id}`)).body).toEqual(gateway);
    expect((await as("foreign")("GET", "gateways?limit=200")).text).not.toContain(gateway.id);
  });

  it("403: owners, resellers and developers", async () => {
    for (const who of ["owner", "reseller", "developer"] as const) {
      for (const [method, path, body] of [
        ["GET", "gateways"],
        ["POST", "gateways", { name: "x" }],
        ["DELETE", "gateways/gw_x"],
      ] as const)
        expect(await as(who)(method, path, body)).toMatchObject({
          status: 403,
          body: { error_code: "PERMISSION_DENIED" },
        });
    }
  });

  it("every change tells the gateways what to load again", async () => {
    let id = "";
    const heard = await gatewayChangesDuring(async () => {
      id = (await newGateway()).id;
      await as("operator")("PUT", `gateways/${id}`, { is_active: false });
      await as("operator")("PUT", `gateways/${id}`, {});
      await as("operator")("DELETE", `gateways/${id}`);
    });
    expect(heard).toEqual([id, id, id]);
  });
});
