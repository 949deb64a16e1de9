import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HttpMethod } from "#lib/core/endpoint";
import { openApi, type TestApi } from "#test/api";
import { gatewayChangesDuring, type People, recordsOf, sameBytes, signInPeople } from "#test/people";
import { createWorld } from "#test/world";

let api: TestApi;
let people: People;
let gatewayId: string;
let serviceId: string;

beforeAll(async () => {
  api = await openApi();
  people = await signInPeople(await createWorld());
  gatewayId = (await as("operator")("POST", "gateways", { name: "G" })).body.id;
  serviceId = (await as("operator")("POST", "services", { name: "s", base_url: "http://s.test" })).body.id;
});

afterAll(() => api.close());

const as = (who: keyof People) => (method: HttpMethod, path: string, body?: unknown) =>
  api.call(method, path, { token: people[who], ...(body !== undefined && { body }) });
let count = 0;
const create = (kind: string, configuration: object, name = `Policy ${++count}`) =>
  as("operator")("POST", "policies", { name, kind, configuration });
const newPolicy = async () => (await create("authentication", { accept: ["api_key"] })).body;
const newRoute = async (policyIds: string[] = []): Promise<string> =>
  (
    await as("operator")("POST", `gateways/${gatewayId}/routes`, {
      path: `/r${++count}`,
      service_id: serviceId,
      policy_ids: policyIds,
    })
  ).body.id;
const policiesOf = async (routeId: string): Promise<string[]> =>
  (await as("operator")("GET", `gateways/${gatewayId}/routes/${routeId}`)).body.policies.map(
    ({ id }: { id: string }) => id,
  );

describe("policies", () => {
  it("201: of each kind, stored complete", async () => {
    expect(await create("authentication", { accept: ["partner_token"] })).toMatchObject({
      status: 201,
      body: {
        id: expect.stringMatching(/^pol_/),
        kind: "authentication",
        configuration: { accept: ["partner_token"], required_scopes: [] },
        routes_count: 0,
      },
    });
    const limits = [{ limit: 100, window_seconds: 60, burst: 20 }];
    expect((await create("rate_limit", { limits, count_by: "account" })).body.configuration).toEqual({
      limits: [{ algorithm: "sliding_window", limit: 100, window_seconds: 60, burst: 20 }],
      count_by: "account",
    });
    const cors = await create("cors", { allowed_origins: ["https://a.test"] });
    expect(cors.body.configuration).toMatchObject({ allowed_origins: ["https://a.test"], max_age: 600 });
    expect((await as("operator")("GET", `policies/${cors.body.id}`)).body).toEqual(cors.body);
  });

  it("422: at what is wrong in the configuration, limits included", async () => {
    for (const [kind, configuration, pointer] of [
      ["authentication", { accept: [] }, "#/configuration/accept"],
      ["authentication", { accept: ["api_key", "api_key"] }, "#/configuration/accept"],
      [
        "authentication",
        { accept: ["api_key"], required_scopes: ["NOT A SCOPE"] },
        "#/configuration/required_scopes/0",
      ],
      ["rate_limit", { limits: [{ limit: 5 }] }, "#/configuration/limits/0/window_seconds"],
      [
        "rate_limit",
        { limits: [{ limit: 5, window_seconds: 60, aligned_to: "06:00" }] },
        "#/configuration/limits/0/aligned_to",
      ],
      ["cors", { allowed_origins: ["*"], allow_credentials: true }, "#/configuration/allow_credentials"],
    ] as const)
      expect(await create(kind, configuration)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
    expect((await create("quota", {})).status).toBe(422);
    expect((await create("cors", { accept: ["api_key"] })).status).toBe(422);
  });

  it("200: a change replaces the configuration as a whole; its kind stays", async () => {
    const { body: made } = await create("rate_limit", { limits: [{ limit: 5, window_seconds: 60 }], count_by: "ip" });
    const path = `policies/${made.id}`;
    const changed = await as("operator")("PUT", path, { configuration: { limits: [] } });
    expect(changed).toMatchObject({
      status: 200,
      body: { name: made.name, configuration: { limits: [], count_by: "api_key" } },
    });
    for (const [configuration, pointer] of [
      [{ accept: ["api_key"] }, "#/configuration"],
      [{ allowed_origins: ["*"] }, "#/configuration"],
      [{ limits: [{ limit: 5 }] }, "#/configuration/limits/0/window_seconds"],
    ] as const)
      expect(await as("operator")("PUT", path, { configuration })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer }] },
      });
    expect((await as("operator")("PUT", path, {})).body).toEqual(changed.body);
    const actions = ["policy.created", "policy.updated"];
    expect(await recordsOf(made.id)).toEqual({ audit: actions, events: actions });
  });

  it("409: a name is one policy's", async () => {
    const [one, two] = [await newPolicy(), await newPolicy()];
    const detail = `A policy named "${one.name}" exists already.`;
    expect(await create("cors", { allowed_origins: ["*"] }, one.name)).toMatchObject({ status: 409, body: { detail } });
    expect((await as("operator")("PUT", `policies/${two.id}`, { name: one.name })).body).toMatchObject({ detail });
  });

  it("200: lists newest first, in pages, by kind", async () => {
    const made = [];
    for (let n = 0; n < 3; n++) made.push((await create("cors", { allowed_origins: ["*"] })).body.id);
    const first = await as("operator")("GET", "policies?kind=cors&limit=2");
    expect(first.body).toMatchObject({ data: [{ id: made[2] }, { id: made[1] }], has_more: true });
    const second = await as("operator")("GET", `policies?kind=cors&limit=1&cursor=${first.body.next_cursor}`);
    expect(second.body.data).toMatchObject([{ id: made[0] }]);
  });

  it("409 while a route has it, saying how many; then 204, and a repeat finds nothing", async () => {
    const policy = await newPolicy();
    const routes = [await newRoute([policy.id]), await newRoute([policy.id])];
    expect((await as("operator")("GET", `policies/${policy.id}`)).body.routes_count).toBe(2);
    const remove = () => as("operator")("DELETE", `policies/${policy.id}`);
    const detail = "2 routes have this policy. Take it off first.";
    expect(await remove()).toMatchObject({ status: 409, body: { error_code: "CONFLICT", detail } });
    for (const id of routes) await as("operator")("DELETE", `routes/${id}/policies/${policy.id}`);
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
  });
});

describe("on a route", () => {
  it("204: a policy takes the place of the one of its kind, and leaves the others", async () => {
    const [first, second] = [await newPolicy(), await newPolicy()];
    const limits = (await create("rate_limit", { limits: [] })).body;
    const routeId = await newRoute([first.id, limits.id]);
    const attach = () => as("operator")("POST", `routes/${routeId}/policies/${second.id}`);
    expect((await attach()).status).toBe(204);
    expect(await policiesOf(routeId)).toEqual([second.id, limits.id]);
    expect((await attach()).status).toBe(204);
    expect((await recordsOf(second.id)).audit).toEqual(["policy.created", "policy.attached"]);
  });

  it("204: once per Idempotency-Key, and the replay is answered alike", async () => {
    const policy = await newPolicy();
    const routeId = await newRoute();
    const attach = () =>
      api.call("POST", `routes/${routeId}/policies/${policy.id}`, {
        token: people.operator,
        headers: { "idempotency-key": "attach-1" },
      });
    const [first, second] = [await attach(), await attach()];
    expect([first.status, second.status, second.headers.get("idempotent-replayed")]).toEqual([204, 204, "true"]);
  });

  it("204: taken off, and a repeat is harmless", async () => {
    const policy = await newPolicy();
    const routeId = await newRoute([policy.id]);
    const detach = () => as("operator")("DELETE", `routes/${routeId}/policies/${policy.id}`);
    expect([(await detach()).status, (await detach()).status]).toEqual([204, 204]);
    expect(await policiesOf(routeId)).toEqual([]);
    expect((await recordsOf(policy.id)).events).toEqual(["policy.created", "policy.detached"]);
  });

  it("of several attached at once one stays, as every route has one of a kind", async () => {
    const routeId = await newRoute();
    const made = [await newPolicy(), await newPolicy(), await newPolicy()];
    const answers = await Promise.all(made.map(({ id }) => as("operator")("POST", `routes/${routeId}/policies/${id}`)));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
    expect(await policiesOf(routeId)).toHaveLength(1);
  });

  it("a policy that is attached while it is deleted stays or goes, but not both", async () => {
    for (let round = 0; round < 5; round++) {
      const policy = await newPolicy();
      const routeId = await newRoute();
      const [removed, attached] = await Promise.all([
        as("operator")("DELETE", `policies/${policy.id}`),
        as("operator")("POST", `routes/${routeId}/policies/${policy.id}`),
      ]);
      expect([
        [204, 404],
        [409, 204],
      ]).toContainEqual([removed.status, attached.status]);
    }
  });

  it("404: no such route, no such policy", async () => {
    const policy = await newPolicy();
    const routeId = await newRoute();
    for (const method of ["POST", "DELETE"] as const) {
      expect((await as("operator")(method, `routes/rt_none/policies/${policy.id}`)).status).toBe(404);
      expect((await as("operator")(method, `routes/${routeId}/policies/pol_none`)).status).toBe(404);
    }
  });
});

describe("who", () => {
  it("404: another tenant's policy is as one that never was, byte for byte", async () => {
    const policy = await newPolicy();
    const requests = (id: string): [HttpMethod, string, object?][] => [
      ["GET", `policies/${id}`],
      ["PUT", `policies/${id}`, { name: "Stolen" }],
      ["DELETE", `policies/${id}`],
    ];
    const absent = requests("pol_0000000000000000000000");
    for (const [at, request] of requests(policy.id).entries()) {
      const [foreign, none] = [await as("foreign")(...request), await as("foreign")(...(absent[at] ?? request))];
      expect([foreign.status, sameBytes(foreign.body)]).toEqual([404, sameBytes(none.body)]);
    }
    expect((await as("foreign")("GET", "policies")).body.data).toEqual([]);
  });

  it("403: owners, resellers and developers", async () => {
    for (const who of ["owner", "reseller", "developer"] as const)
      for (const [method, path] of [
        ["GET", "policies"],
        ["DELETE", "policies/pol_x"],
        ["POST", "routes/rt_x/policies/pol_x"],
      ] as const)
        expect((await as(who)(method, path)).status).toBe(403);
  });

  it("every change tells the gateways what to load again", async () => {
    const routeId = await newRoute();
    let id = "";
    const heard = await gatewayChangesDuring(async () => {
      id = (await newPolicy()).id;
      await as("operator")("PUT", `policies/${id}`, { name: "Renamed" });
      await as("operator")("POST", `routes/${routeId}/policies/${id}`);
      await as("operator")("DELETE", `routes/${routeId}/policies/${id}`);
      await as("operator")("DELETE", `policies/${id}`);
    });
    expect(heard).toEqual([id, id, id, id, id]);
  });
});
