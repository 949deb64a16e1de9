import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HttpMethod } from "#lib/core/endpoint";
import { openApi, type TestApi } from "#test/api";
import { gatewayChangesDuring, type People, recordsOf, sameBytes, signInPeople } from "#test/people";
import { createWorld } from "#test/world";

let api: TestApi;
let people: People;
let service: { id: string; number: number };
let other: { id: string };
const policies: Record<"open" | "closed" | "limited" | "foreign", string> = {} as never;

beforeAll(async () => {
  api = await openApi();
  people = await signInPeople(await createWorld());
  service = (await as("operator")("POST", "services", { name: "orders", base_url: "http://orders.test" })).body;
  other = (await as("operator")("POST", "services", { name: "other", base_url: "http://other.test" })).body;
  const policy = async (who: keyof People, name: string, kind: string, configuration: object) =>
    (await as(who)("POST", "policies", { name, kind, configuration })).body.id;
  policies.open = await policy("operator", "open", "authentication", { accept: ["anonymous"] });
  policies.closed = await policy("operator", "closed", "authentication", { accept: ["api_key"] });
  policies.limited = await policy("operator", "limited", "rate_limit", { limits: [] });
  policies.foreign = await policy("foreign", "foreign", "cors", { allowed_origins: ["*"] });
});

afterAll(() => api.close());

const as = (who: keyof People) => (method: HttpMethod, path: string, body?: unknown) =>
  api.call(method, path, { token: people[who], ...(body !== undefined && { body }) });
let count = 0;
const newGateway = async (body: object = {}): Promise<string> =>
  (await as("operator")("POST", "gateways", { name: `Gateway ${++count}`, ...body })).body.id;
const create = (gatewayId: string, path: string, body: object = {}) =>
  as("operator")("POST", `gateways/${gatewayId}/routes`, { path, service_id: service.id, ...body });
const update = (gatewayId: string, routeId: string, body: object) =>
  as("operator")("PUT", `gateways/${gatewayId}/routes/${routeId}`, body);
const refusal = (pointer: string, detail?: RegExp) => ({
  status: 422,
  body: {
    error_code: "VALIDATION_FAILED",
    errors: expect.arrayContaining([
      { in: "body", pointer: `#/${pointer}`, detail: detail ? expect.stringMatching(detail) : expect.any(String) },
    ]),
  },
});

describe("a route", () => {
  it("201: with defaults, named by its path, to a service by id or number", async () => {
    const gatewayId = await newGateway();
    const made = await create(gatewayId, "/orders/{order_id}", { service_id: service.number });
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: expect.stringMatching(/^rt_/),
        gateway_id: gatewayId,
        service_id: service.id,
        service_name: "orders",
        name: "/orders/{order_id}",
        path: "/orders/{order_id}",
        methods: [],
        headers: [],
        priority: 0,
        strip_prefix: false,
        is_active: true,
        policies: [],
      },
    });
    const got = await as("operator")("GET", `gateways/${gatewayId}/routes/${made.body.id}`);
    expect([got.status, got.body]).toEqual([200, made.body]);
  });

  it("200: a change keeps what is absent; a name that was the path follows it; policy_ids replaces them all", async () => {
    const gatewayId = await newGateway();
    const { body: route } = await create(gatewayId, "/v1/*", {
      methods: ["GET", "GET", "POST"],
      headers: [{ name: "X-Version", value: "2" }],
      strip_prefix: true,
      policy_ids: [policies.limited, policies.open],
    });
    expect(route).toMatchObject({ methods: ["GET", "POST"], headers: [{ name: "x-version", value: "2" }] });
    expect(route.policies.map(({ id }: { id: string }) => id)).toEqual([policies.open, policies.limited]);
    const moved = await update(gatewayId, route.id, { path: "/v2/*", service_id: other.id });
    expect(moved).toMatchObject({
      status: 200,
      body: {
        name: "/v2/*",
        path: "/v2/*",
        service_name: "other",
        methods: ["GET", "POST"],
        strip_prefix: true,
        policies: route.policies,
      },
    });
    const renamed = await update(gatewayId, route.id, { name: "Orders", policy_ids: [policies.closed] });
    expect(renamed.body).toMatchObject({ name: "Orders", policies: [{ id: policies.closed, kind: "authentication" }] });
    expect((await update(gatewayId, route.id, { path: "/v3/*", policy_ids: [] })).body).toMatchObject({
      name: "Orders",
      policies: [],
    });
    expect((await update(gatewayId, route.id, {})).status).toBe(200);
    const actions = ["route.created", "route.updated", "route.updated", "route.updated"];
    expect(await recordsOf(route.id)).toEqual({ audit: actions, events: actions });
  });

  it("204: deleted, and a repeat finds nothing", async () => {
    const gatewayId = await newGateway();
    const { body: route } = await create(gatewayId, "/a", { policy_ids: [policies.open] });
    const remove = () => as("operator")("DELETE", `gateways/${gatewayId}/routes/${route.id}`);
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
    expect((await recordsOf(route.id)).events.at(-1)).toBe("route.deleted");
  });

  it("422: at the field that is wrong", async () => {
    const gatewayId = await newGateway();
    for (const [path, body, expected] of [
      ["orders", {}, refusal("path")],
      ["/a//b", {}, refusal("path")],
      ["/a/../b", {}, refusal("path")],
      ["/{id}/{id}", {}, refusal("path", /twice/)],
      ["/a%2Fb", {}, refusal("path", /holds %2F/)],
      ["/%61dmin", {}, refusal("path", /holds %61: write a/)],
      ["/%80", {}, refusal("path", /UTF-8/)],
      ["/a", { headers: [{ name: "X-A", value: " one" }] }, refusal("headers/0/value")],
      ["/a", { headers: [{ name: "X-A", value: " " }] }, refusal("headers/0/value")],
      ["/a", { service_id: "svc_none" }, refusal("service_id", /not a service/)],
      ["/a", { service_id: 999 }, refusal("service_id")],
      ["/a", { strip_prefix: true }, refusal("strip_prefix", /ends in \/\*/)],
      ["/a", { policy_ids: ["pol_none"] }, refusal("policy_ids/0", /not a policy/)],
      ["/a", { policy_ids: [policies.limited, policies.foreign] }, refusal("policy_ids/1", /not a policy/)],
      ["/a", { policy_ids: [policies.open, policies.closed] }, refusal("policy_ids/1", /second .* authentication/)],
      [
        "/a",
        {
          headers: [
            { name: "X-A", value: "1" },
            { name: "x-a", value: "2" },
          ],
        },
        refusal("headers/1/name"),
      ],
    ] as const)
      expect(await create(gatewayId, path, body), path).toMatchObject(expected);
    const { body: route } = await create(gatewayId, "/b/*", { strip_prefix: true });
    expect(await update(gatewayId, route.id, { path: "/b" })).toMatchObject(refusal("path", /ends in/));
    expect((await as("operator")("GET", `gateways/${gatewayId}/routes`)).body.data).toEqual([route]);
  });
});

describe("the portal's paths", () => {
  it("422: are refused with the prefix they fall under, when a route is made and when it is changed", async () => {
    const gatewayId = await newGateway();
    for (const path of ["/", "/Keys/{id}", "/api/v1/api-management/*"])
      expect(await create(gatewayId, path), path).toMatchObject(refusal("path", /belongs to the portal/));
    const { body: route } = await create(gatewayId, "/*");
    expect(await update(gatewayId, route.id, { path: "/sign-in/*" })).toMatchObject(
      refusal("path", /under \/sign-in,/),
    );
  });

  it("201: are free for a gateway whose hosts are all its own", async () => {
    const gatewayId = await newGateway({ domains: ["own.test"] });
    expect((await create(gatewayId, "/keys/{id}")).status).toBe(201);
    expect((await create(gatewayId, "/")).status).toBe(201);
  });
});

describe("rivals", () => {
  it("409: two routes for the same requests at the same priority, named", async () => {
    const gatewayId = await newGateway();
    await create(gatewayId, "/a/{id}", { name: "First", methods: ["GET"] });
    const detail = expect.stringContaining('The route "First" serves /a/{id} for the same requests');
    for (const [path, body] of [
      ["/a/{id}", {}],
      ["/a/{other}/", { methods: ["GET", "POST"] }],
      ["/a/{id}", { methods: ["HEAD"] }],
    ] as const)
      expect(await create(gatewayId, path, body)).toMatchObject({
        status: 409,
        body: { error_code: "CONFLICT", detail },
      });
  });

  it("201: are none with other methods, headers, priority, paths, gateways, or while one is inactive", async () => {
    const gatewayId = await newGateway();
    await create(gatewayId, "/a", { methods: ["GET"] });
    const allowed = [
      await create(gatewayId, "/a", { methods: ["POST"] }),
      await create(gatewayId, "/a", { headers: [{ name: "x-v", value: "2" }] }),
      await create(gatewayId, "/a", { headers: [{ name: "x-v", value: "3" }] }),
      await create(gatewayId, "/a", { priority: 1 }),
      await create(gatewayId, "/A"),
      await create(gatewayId, "/a/*"),
      await create(await newGateway(), "/a"),
      await create(gatewayId, "/a", { is_active: false }),
    ];
    expect(allowed.map(({ status }) => status)).toEqual(allowed.map(() => 201));
    const idle = allowed.at(-1)?.body.id;
    expect((await update(gatewayId, idle, { is_active: true })).status).toBe(409);
    expect((await update(gatewayId, idle, { is_active: true, priority: 2 })).status).toBe(200);
  });

  it("of several made at once one wins; a route is no rival of itself", async () => {
    const gatewayId = await newGateway();
    const answers = await Promise.all([1, 2, 3, 4].map(() => create(gatewayId, "/raced")));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    const { body: made } = answers.find(({ status }) => status === 201) as (typeof answers)[0];
    expect((await update(gatewayId, made.id, { methods: ["GET"] })).status).toBe(200);
  });
});

describe("GET /gateways/{gateway_id}/routes", () => {
  it("200: lists in the order the routes are tried, in pages of any size", async () => {
    const gatewayId = await newGateway();
    for (const [path, body] of [
      ["/*", {}],
      ["/{page}", {}],
      ["/b/*", {}],
      ["/a/*", {}],
      ["/a/{id}", {}],
      ["/a/{id}", { headers: [{ name: "x-v", value: "2" }] }],
      ["/a/b", {}],
      ["/late", { priority: -1 }],
      ["/first/*", { priority: 5 }],
    ] as const)
      expect((await create(gatewayId, path, body)).status).toBe(201);
    const order = ["/first/*", "/a/b", "/a/{id}", "/a/{id}", "/a/*", "/b/*", "/{page}", "/*", "/late"];
    for (const limit of [1, 2, 4, 200]) {
      const seen: { path: string; headers: unknown[] }[] = [];
      let next: string | null = "";
      while (next !== null) {
        const url = `gateways/${gatewayId}/routes?limit=${limit}${next && `&cursor=${next}`}`;
        const { body } = await as("operator")("GET", url);
        seen.push(...body.data);
        next = body.next_cursor;
      }
      expect(seen.map(({ path }) => path)).toEqual(order);
      expect(seen[2]?.headers).toHaveLength(1);
    }
  });

  it("200: finds by text and by service; 422 for a cursor it did not give out", async () => {
    const gatewayId = await newGateway();
    await create(gatewayId, "/orders");
    await create(gatewayId, "/else", { name: "Other ORDERS", service_id: other.id });
    const paths = async (query: string) =>
      (await as("operator")("GET", `gateways/${gatewayId}/routes?${query}`)).body.data.map(
        ({ path }: { path: string }) => path,
      );
    expect(await paths("search=orders")).toEqual(["/else", "/orders"]);
    expect(await paths(`service_id=${other.id}`)).toEqual(["/else"]);
    expect(await paths(`service_id=${service.number}`)).toEqual(["/orders"]);
    for (const cursor of ["x", Buffer.from('["a",1,2,3]').toString("base64url")])
      expect((await as("operator")("GET", `gateways/${gatewayId}/routes?cursor=${cursor}`)).status).toBe(422);
  });
});

describe("who", () => {
  it("404: another tenant's route or gateway, and a route of another gateway, are as ones that never were", async () => {
    const gatewayId = await newGateway();
    const { body: route } = await create(gatewayId, "/mine");
    const requests = (gateway: string, id: string): [HttpMethod, string, object?][] => [
      ["GET", `gateways/${gateway}/routes`],
      ["POST", `gateways/${gateway}/routes`, { path: "/x", service_id: service.id }],
      ["GET", `gateways/${gateway}/routes/${id}`],
      ["PUT", `gateways/${gateway}/routes/${id}`, { name: "Stolen" }],
      ["DELETE", `gateways/${gateway}/routes/${id}`],
      ["POST", `routes/${id}/policies/${policies.foreign}`],
      ["DELETE", `routes/${id}/policies/${policies.foreign}`],
    ];
    const absent = requests("gw_0000000000000000000000", "rt_0000000000000000000000");
    for (const [at, request] of requests(gatewayId, route.id).entries()) {
      const [foreign, none] = [await as("foreign")(...request), await as("foreign")(...(absent[at] ?? request))];
      expect([foreign.status, sameBytes(foreign.body)]).toEqual([404, sameBytes(none.body)]);
    }
    const elsewhere = await newGateway();
    expect((await update(elsewhere, route.id, { name: "x" })).status).toBe(404);
    expect((await as("operator")("GET", `gateways/${gatewayId}/routes/${route.id}`)).body).toEqual(route);
    const own = (await as("foreign")("POST", "gateways", { name: "Own" })).body.id;
    const stolen = await as("foreign")("POST", `gateways/${own}/routes`, { path: "/x", service_id: service.id });
    expect(stolen).toMatchObject(refusal("service_id", /not a service of this tenant/));
  });

  it("403: owners, resellers and developers", async () => {
    const gatewayId = await newGateway();
    for (const who of ["owner", "reseller", "developer"] as const) {
      expect((await as(who)("GET", `gateways/${gatewayId}/routes`)).status).toBe(403);
      const body = { path: "/x", service_id: service.id };
      expect((await as(who)("POST", `gateways/${gatewayId}/routes`, body)).status).toBe(403);
    }
  });

  it("every change tells the gateways what to load again", async () => {
    const gatewayId = await newGateway();
    let id = "";
    const heard = await gatewayChangesDuring(async () => {
      id = (await create(gatewayId, "/a")).body.id;
      await update(gatewayId, id, { priority: 3 });
      await create(gatewayId, "/keys");
      await as("operator")("DELETE", `gateways/${gatewayId}/routes/${id}`);
    });
    expect(heard).toEqual([id, id, id]);
  });
});
