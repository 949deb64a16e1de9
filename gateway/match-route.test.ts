import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Matchable, RouteTable, type Wanted } from "#gateway/match-route";
import { parsePattern } from "#lib/routes/path-pattern";
import { compareRoutes } from "#lib/routes/route-order";

const route = (path: string, more: Partial<Matchable> = {}): Matchable => ({
  id: `${more.methods?.join() ?? ""} ${path}`,
  path,
  priority: 0,
  methods: [],
  headers: [],
  ...more,
});

/** The path of the route found, `405 …` or `none`. */
function find(routes: Matchable[], path: string, wanted: Partial<Wanted> = {}): string {
  const found = new RouteTable([routes]).find({ method: "GET", path, header: () => undefined, ...wanted });
  if (!found) return "none";
  return "route" in found ? found.route.path : `405 ${found.allow.join()}`;
}

describe("a pattern", () => {
  it.each([
    ["/users/*", ["/users", "/users/", "/users/1", "/users/1/posts", "/users/1/"], ["/users2", "/user", "/", "/Users"]],
    ["/users", ["/users", "/users/"], ["/users/1", "/users2"]],
    [
      "/orders/{id}/lines",
      ["/orders/7/lines", "/orders/a%20b/lines/"],
      ["/orders/lines", "/orders/7", "/orders/7/8/lines"],
    ],
    ["/*", ["/", "/a", "/a/b/"], []],
    ["/", ["/"], ["/a"]],
    ["/v1/customers", ["/v1/customers"], ["/v1/customersadmin", "/v1/customers;x=1", "/v1/customers.json"]],
  ])("%s takes whole segments only", (pattern, taken, left) => {
    for (const path of taken) expect(find([route(pattern)], path), path).toBe(pattern);
    for (const path of left) expect(find([route(pattern)], path), path).toBe("none");
  });

  it("says where the rest begins that its * stands for", () => {
    const table = new RouteTable([[route("/svc/*")]]);
    const restOf = (path: string) => {
      const found = table.find({ method: "GET", path });
      return found && "route" in found ? path.slice(found.restAt) : undefined;
    };
    expect(["/svc", "/svc/", "/svc/a", "/svc/a/b/"].map(restOf)).toEqual(["", "", "a", "a/b/"]);
  });
});

describe("of several", () => {
  const routes = [route("/*"), route("/users/*"), route("/users/{id}"), route("/users/me"), route("/users/{id}/posts")];
  it.each([
    ["/users/me", "/users/me"],
    ["/users/7", "/users/{id}"],
    ["/users/7/posts", "/users/{id}/posts"],
    ["/users/me/posts", "/users/{id}/posts"],
    ["/users/7/albums", "/users/*"],
    ["/other", "/*"],
  ])("%s is taken by the most specific, %s", (path, taken) => {
    expect(find(routes, path)).toBe(taken);
    expect(find(routes.toReversed(), path)).toBe(taken);
  });

  it("priority comes before specificity", () => {
    expect(find([route("/users/me"), route("/*", { priority: 1 })], "/users/me")).toBe("/*");
  });

  it("a route for another method is passed over, and names the methods when no other takes it", () => {
    const both = [route("/posts", { methods: ["GET"] }), route("/posts/*", { methods: ["POST", "PUT"] })];
    expect(find(both, "/posts", { method: "POST" })).toBe("/posts/*");
    expect(find(both, "/posts", { method: "HEAD" })).toBe("/posts");
    expect(find(both, "/posts", { method: "DELETE" })).toBe("405 GET,POST,PUT");
  });

  it("a route that asks for headers is passed over without them, and comes first with them", () => {
    const both = [route("/a"), route("/a", { id: "beta", headers: [{ name: "X-Beta", value: "1" }] })];
    const table = new RouteTable([both]);
    const idOf = (sent?: string) => {
      const found = table.find({ method: "GET", path: "/a", header: (name) => (name === "x-beta" ? sent : undefined) });
      return found && "route" in found ? found.route.id : undefined;
    };
    expect([idOf("1"), idOf("2"), idOf()]).toEqual(["beta", " /a", " /a"]);
  });
});

const segment = fc.constantFrom("a", "b", "c", "users");
const pattern = fc
  .tuple(fc.array(fc.oneof(segment, fc.constantFrom("{x}", "{y}")), { maxLength: 4 }), fc.boolean())
  .map(([parts, isOpen]) => `/${[...parts, ...(isOpen ? ["*"] : [])].join("/")}`);
const anyRoute = fc
  .record({ path: pattern, priority: fc.integer({ min: 0, max: 2 }), methods: fc.subarray(["GET", "POST", "PUT"]) })
  .chain((made) => fc.uuid().map((id) => ({ ...made, id, headers: [] })));
const anyPath = fc
  .tuple(fc.array(segment, { maxLength: 5 }), fc.boolean())
  .map(([parts, isOpen]) => (parts.length === 0 ? "/" : `/${parts.join("/")}${isOpen ? "/" : ""}`));

/** The same question, answered by trying one route after another. */
function oracle(routes: Matchable[], method: string, path: string): string | undefined {
  const parts = path.split("/").filter((part) => part !== "");
  const takes = ({ path: text, methods }: Matchable) => {
    const { segments, hasWildcard } = parsePattern(text);
    if (hasWildcard ? parts.length < segments.length : parts.length !== segments.length) return false;
    if (!segments.every((one, at) => !("literal" in one) || one.literal === parts[at])) return false;
    return methods.length === 0 || methods.includes(method) || (method === "HEAD" && methods.includes("GET"));
  };
  return routes.toSorted(compareRoutes).find(takes)?.id;
}

it("the first group that has a path keeps it, for the methods it lacks too", () => {
  const table = new RouteTable([[route("/a", { methods: ["GET"] })], [route("/*", { priority: 9 })]]);
  const said = (method: string, path: string) => {
    const found = table.find({ method, path });
    if (!found) return "none";
    return "route" in found ? found.route.path : `405 ${found.allow.join()}`;
  };
  expect([said("GET", "/a"), said("POST", "/a"), said("POST", "/b")]).toEqual(["/a", "405 GET", "/*"]);
});

it("finds what trying one after another finds", () => {
  fc.assert(
    fc.property(
      fc.array(anyRoute, { maxLength: 30 }),
      anyPath,
      fc.constantFrom("GET", "HEAD", "PUT"),
      (routes, path, method) => {
        const found = new RouteTable([routes]).find({ method, path });
        expect(found && "route" in found ? found.route.id : undefined).toBe(oracle(routes, method, path));
      },
    ),
    { numRuns: 3000 },
  );
});
