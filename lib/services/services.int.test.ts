import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HttpMethod } from "#lib/core/endpoint";
import { runtime } from "#lib/platform/runtime";
import { registerUpstreams } from "#lib/services/register-upstreams";
import { openApi, type TestApi } from "#test/api";
import { gatewayChangesDuring, type People, recordsOf, sameBytes, signInPeople } from "#test/people";
import { createWorld, type World } from "#test/world";

let api: TestApi;
let world: World;
let people: People;

beforeAll(async () => {
  api = await openApi();
  world = await createWorld();
  people = await signInPeople(world);
});

afterAll(() => api.close());

const as = (who: keyof People) => (method: HttpMethod, path: string, body?: unknown) =>
  api.call(method, path, { token: people[who], ...(body !== undefined && { body }) });
let count = 0;
const newService = async (body: object = {}, who: keyof People = "operator") =>
  (await as(who)("POST", "services", { name: `service-${++count}`, base_url: "http://10.0.0.7:8000", ...body })).body;

describe("services", () => {
  it("201: numbered in its tenant, with defaults, and found by id and number", async () => {
    const created = await as("operator")("POST", "services", { name: "gst", base_url: "https://gst.test/v1" });
    expect(created).toMatchObject({
      status: 201,
      body: {
        id: expect.stringMatching(/^svc_/),
        number: expect.any(Number),
        name: "gst",
        display_name: "gst",
        description: null,
        base_url: "https://gst.test/v1",
        is_active: true,
        load_balancer: "round_robin",
        connect_timeout_ms: 5000,
        response_timeout_ms: 60_000,
        total_timeout_ms: null,
        targets: [],
        routes_count: 0,
      },
    });
    for (const reference of [created.body.id, created.body.number]) {
      const got = await as("operator")("GET", `services/${reference}`);
      expect([got.status, got.body]).toEqual([200, created.body]);
    }
    expect((await newService()).number).toBe(created.body.number + 1);
  });

  it("200: a change keeps what is absent and clears what is null; an empty one leaves no record", async () => {
    const service = await newService({ description: "Old", total_timeout_ms: 9000, display_name: "Shown" });
    const path = `services/${service.number}`;
    const changed = await as("operator")("PUT", path, { description: null, is_active: false, connect_timeout_ms: 250 });
    expect(changed).toMatchObject({
      status: 200,
      body: {
        display_name: "Shown",
        description: null,
        is_active: false,
        connect_timeout_ms: 250,
        total_timeout_ms: 9000,
      },
    });
    expect((await as("operator")("PUT", path, {})).body).toEqual(changed.body);
    const actions = ["service.created", "service.updated"];
    expect(await recordsOf(service.id)).toEqual({ audit: actions, events: actions });
  });

  it("409: a name is one service's, said by name, however it is taken, and two tenants may both have it", async () => {
    await newService({ name: "taken" });
    const other = await newService();
    const detail = 'A service named "taken" exists already.';
    const body = { name: "taken", base_url: "http://x.test" };
    for (const refused of [
      await as("operator")("POST", "services", body),
      await as("operator")("PUT", `services/${other.id}`, { name: "taken" }),
    ])
      expect(refused).toMatchObject({ status: 409, body: { error_code: "CONFLICT", detail } });
    expect((await as("foreign")("POST", "services", body)).status).toBe(201);
    const raced = { name: "raced", base_url: "http://x.test" };
    const answers = await Promise.all([1, 2, 3].map(() => as("operator")("POST", "services", raced)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it("422: at the field that is wrong", async () => {
    for (const [body, pointer] of [
      [{ base_url: "http://x.test" }, "#/name"],
      [{ name: "Upper", base_url: "http://x.test" }, "#/name"],
      [{ name: "ok", base_url: "ftp://x.test" }, "#/base_url"],
      [{ name: "ok", base_url: "http://user:secret@x.test" }, "#/base_url"],
      ...[
        "http://x.test/a\u0000b",
        "http://x.test/a b",
        "http://x.test\\a",
        "http:///x.test",
        "http://\u00fcber.test",
      ].map((url) => [{ name: "ok", base_url: url }, "#/base_url"] as const),
      [{ name: "ok", base_url: "http://x.test", connect_timeout_ms: 0 }, "#/connect_timeout_ms"],
    ] as const)
      expect(await as("operator")("POST", "services", body)).toMatchObject({
        status: 422,
        body: { errors: expect.arrayContaining([expect.objectContaining({ in: "body", pointer })]) },
      });
  });

  it("204: deleted with its targets, a repeat finds nothing; 409 while routes lead to it, saying how many", async () => {
    const service = await newService();
    await as("operator")("POST", `services/${service.id}/targets`, { name: "a", url: "http://a.test" });
    const gateway = (await as("operator")("POST", "gateways", { name: "Uses it" })).body;
    const routes = [];
    for (const path of ["/one", "/two"])
      routes.push(
        (await as("operator")("POST", `gateways/${gateway.id}/routes`, { path, service_id: service.number })).body,
      );
    expect((await as("operator")("GET", `services/${service.id}`)).body.routes_count).toBe(2);
    const remove = () => as("operator")("DELETE", `services/${service.id}`);
    expect(await remove()).toMatchObject({
      status: 409,
      body: { error_code: "CONFLICT", detail: expect.stringContaining("2 routes lead to this service.") },
    });
    for (const { id } of routes) await as("operator")("DELETE", `gateways/${gateway.id}/routes/${id}`);
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
    expect((await recordsOf(service.id)).audit.at(-1)).toBe("service.deleted");
  });

  it("a service that gets a route while it is deleted keeps one of the two", async () => {
    const gateway = (await as("operator")("POST", "gateways", { name: "Races" })).body;
    for (let round = 0; round < 5; round++) {
      const service = await newService();
      const [removed, routed] = await Promise.all([
        as("operator")("DELETE", `services/${service.id}`),
        as("operator")("POST", `gateways/${gateway.id}/routes`, { path: `/r${round}`, service_id: service.id }),
      ]);
      expect([
        [204, 422],
        [409, 201],
      ]).toContainEqual([removed.status, routed.status]);
    }
  });

  it("200: lists newest first, in pages, by text and state", async () => {
    const made = [];
    for (let n = 0; n < 5; n++) made.push((await newService({ display_name: `Paged ${n}`, is_active: n !== 2 })).id);
    const seen: string[] = [];
    let next: string | null = "";
    while (next !== null) {
      const { body } = await as("operator")("GET", `services?search=paged&limit=2${next && `&cursor=${next}`}`);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      next = body.next_cursor;
    }
    expect(seen).toEqual(made.toReversed());
    const idle = await as("operator")("GET", "services?search=paged&is_active=false");
    expect(idle.body).toMatchObject({ data: [{ id: made[2] }], has_more: false });
    expect((await as("operator")("GET", "services?cursor=x")).status).toBe(422);
  });
});

describe("targets", () => {
  it("201, 200, 204: added, changed in part, listed in order and taken out", async () => {
    const service = await newService();
    const path = `services/${service.number}/targets`;
    const a = await as("operator")("POST", path, { name: "a", url: "http://10.0.0.1" });
    expect(a).toMatchObject({
      status: 201,
      body: { id: expect.stringMatching(/^tgt_/), weight: 1, max_connections: null, is_active: true },
    });
    const b = await as("operator")("POST", path, { name: "b", url: "http://10.0.0.2", weight: 3, max_connections: 9 });
    const changed = await as("operator")("PUT", `${path}/${b.body.id}`, { is_active: false, max_connections: null });
    expect(changed).toMatchObject({ status: 200, body: { weight: 3, max_connections: null, is_active: false } });
    const listed = await as("operator")("GET", path);
    expect(listed).toMatchObject({ status: 200, body: { data: [a.body, changed.body] } });
    expect((await as("operator")("GET", `services/${service.id}`)).body.targets).toEqual(listed.body.data);
    const remove = () => as("operator")("DELETE", `${path}/${b.body.id}`);
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
    const actions = ["service_target.created", "service_target.updated", "service_target.deleted"];
    expect(await recordsOf(b.body.id)).toEqual({ audit: actions, events: actions });
  });

  it("409: a name is one target's of a service; another service may use it", async () => {
    const [one, two] = [await newService(), await newService()];
    const add = (service: { id: string }, name: string) =>
      as("operator")("POST", `services/${service.id}/targets`, { name, url: "http://10.0.0.1" });
    expect((await add(one, "a")).status).toBe(201);
    expect(await add(one, "a")).toMatchObject({
      status: 409,
      body: { detail: 'The service has a target named "a" already.' },
    });
    const b = await add(one, "b");
    const renamed = await as("operator")("PUT", `services/${one.id}/targets/${b.body.id}`, { name: "a" });
    expect(renamed.status).toBe(409);
    expect((await add(two, "a")).status).toBe(201);
  });

  it("404: a target is found under its own service only", async () => {
    const [one, two] = [await newService(), await newService()];
    const target = await as("operator")("POST", `services/${one.id}/targets`, { name: "a", url: "http://10.0.0.1" });
    for (const method of ["PUT", "DELETE"] as const)
      expect(
        (
          await as("operator")(
            method,
            `services/${two.id}/targets/${target.body.id}`,
            method === "PUT" ? {} : undefined,
          )
        ).status,
      ).toBe(404);
  });
});

describe("who", () => {
  it("404: another tenant's service is as one that never was, byte for byte", async () => {
    const service = await newService();
    const target = await as("operator")("POST", `services/${service.id}/targets`, { name: "a", url: "http://a.test" });
    const requests = (id: string, targetId: string): [HttpMethod, string, object?][] => [
      ["GET", `services/${id}`],
      ["PUT", `services/${id}`, { name: "stolen" }],
      ["DELETE", `services/${id}`],
      ["GET", `services/${id}/targets`],
      ["POST", `services/${id}/targets`, { name: "b", url: "http://b.test" }],
      ["PUT", `services/${id}/targets/${targetId}`, { name: "stolen" }],
      ["DELETE", `services/${id}/targets/${targetId}`],
    ];
    const absent = requests("svc_0000000000000000000000", "tgt_0000000000000000000000");
    for (const [at, request] of requests(service.id, target.body.id).entries()) {
      const [foreign, none] = [await as("foreign")(...request), await as("foreign")(...(absent[at] ?? request))];
      expect([foreign.status, sameBytes(foreign.body)]).toEqual([404, sameBytes(none.body)]);
    }
    expect((await as("operator")("GET", `services/${service.id}`)).body.targets).toEqual([target.body]);
    const listed = await as("foreign")("GET", "services?limit=200");
    expect(listed.text).not.toContain(service.id);
  });

  it("403: owners, resellers, developers and their keys have no business here", async () => {
    for (const who of ["owner", "reseller", "developer"] as const) {
      for (const [method, path, body] of [
        ["GET", "services"],
        ["POST", "services", { name: "x", base_url: "http://x.test" }],
        ["DELETE", "services/1"],
        ["GET", "services/1/targets"],
      ] as const)
        expect(await as(who)(method, path, body)).toMatchObject({
          status: 403,
          body: { error_code: "PERMISSION_DENIED" },
        });
    }
  });

  it("every change tells the gateways what to load again, and a refused one does not", async () => {
    const service = await newService();
    let targetId = "";
    const heard = await gatewayChangesDuring(async () => {
      await as("operator")("PUT", `services/${service.id}`, { display_name: "New" });
      await as("operator")("PUT", `services/${service.id}`, { base_url: "nonsense" });
      const target = await as("operator")("POST", `services/${service.id}/targets`, {
        name: "a",
        url: "http://a.test",
      });
      targetId = target.body.id;
      await as("operator")("DELETE", `services/${service.id}/targets/${targetId}`);
      await as("operator")("DELETE", `services/${service.id}`);
    });
    expect(heard).toEqual([service.id, targetId, targetId, service.id]);
  });
});

describe("upstreams of the environment", () => {
  const shown = async (name: string) =>
    (await as("operator")("GET", "services?limit=200")).body.data.find((one: { name: string }) => one.name === name);

  it("become services of the default tenant, follow their address, and are written once by however many starts", async () => {
    const urls = new Map([
      ["billing", "http://billing.test:9000"],
      ["orders", "http://orders.test"],
    ]);
    const written = await Promise.all([1, 2, 3].map(() => registerUpstreams(urls, new Date())));
    expect(written.reduce((sum, one) => sum + one)).toBe(2);
    const billing = await shown("billing");
    expect(billing).toMatchObject({ base_url: "http://billing.test:9000", display_name: "billing" });
    await as("operator")("PUT", `services/${billing.id}`, { display_name: "Billing", connect_timeout_ms: 100 });

    const heard = await gatewayChangesDuring(async () => {
      expect(await registerUpstreams(new Map([["billing", "http://billing.test:9001"]]), new Date())).toBe(1);
      expect(await registerUpstreams(new Map([["billing", "http://billing.test:9001"]]), new Date())).toBe(0);
    });
    expect(heard).toEqual([billing.id]);
    expect(await shown("billing")).toMatchObject({
      id: billing.id,
      base_url: "http://billing.test:9001",
      display_name: "Billing",
      connect_timeout_ms: 100,
    });
    expect((await recordsOf(billing.id)).audit).toEqual(["service.created", "service.updated", "service.updated"]);
    const { rows } = await runtime().postgres.platform.query(
      "SELECT DISTINCT tenant_id FROM services WHERE name = 'billing'",
    );
    expect(rows).toEqual([{ tenant_id: world.one.tenantId }]);
  });
});
