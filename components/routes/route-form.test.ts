import { describe, expect, it } from "vitest";
import { createRouteBody, type Route } from "#lib/routes/contract";
import { routeBodyOf, routeValues } from "./route-form.ts";

const route = {
  id: "rt_1",
  path: "/users/*",
  name: "/users/*",
  service_id: "svc_1",
  methods: ["GET"],
  headers: [{ name: "X-Version", value: "2" }],
  priority: 5,
  strip_prefix: true,
  policies: [
    { id: "pol_1", name: "Tight", kind: "rate_limit" },
    { id: "pol_2", name: "Partners", kind: "authentication" },
  ],
} as Route;

describe("the form of a route", () => {
  it("sends an untouched route back as it was", () => {
    const { policy_ids, ...body } = routeBodyOf(routeValues(route));
    const { id, policies, ...same } = route;
    expect(body).toEqual(same);
    expect(policy_ids?.toSorted()).toEqual(["pol_1", "pol_2"]);
  });

  it("calls a route without a name by its path, also when the path changes", () => {
    expect(routeBodyOf({ ...routeValues(route), path: "/people/*" }).name).toBe("/people/*");
    expect(routeBodyOf({ ...routeValues(route), name: "People" }).name).toBe("People");
  });

  it("strips no prefix where no * stands for a rest", () => {
    expect(routeBodyOf({ ...routeValues(route), path: "/users" }).strip_prefix).toBe(false);
  });

  it("leaves a header line that is none to the contract, which names it", () => {
    const body = routeBodyOf({ ...routeValues(route), headers: "nonsense here" });
    expect(createRouteBody.safeParse(body).error?.issues.map(({ path }) => path)).toContainEqual([
      "headers",
      0,
      "name",
    ]);
  });
});
