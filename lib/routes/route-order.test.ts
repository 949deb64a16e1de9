import fc from "fast-check";
import { expect, it } from "vitest";
import { parsePattern, shapeOf } from "#lib/routes/path-pattern";
import { compareRoutes, type OrderedRoute } from "#lib/routes/route-order";

const ordered = (...paths: string[]) =>
  paths
    .map((path, at) => ({ path, priority: 0, headers: [], id: `rt_${at}` }))
    .sort(compareRoutes)
    .map(({ path }) => path);

it("takes a pattern apart", () => {
  expect(parsePattern("/v1/customers/{id}/*")).toEqual({
    segments: [{ literal: "v1" }, { literal: "customers" }, { parameter: "id" }],
    hasWildcard: true,
  });
  expect(parsePattern("/")).toEqual({ segments: [], hasWildcard: false });
  expect(parsePattern("/*")).toEqual({ segments: [], hasWildcard: true });
  expect(parsePattern("/posts/")).toEqual(parsePattern("/posts"));
});

it("two patterns that match the same paths have the same shape", () => {
  expect(shapeOf("/orders/{id}/")).toBe(shapeOf("/orders/{order_id}"));
  expect(new Set(["/a", "/a/*", "/a/{x}", "/{x}", "/*", "/"].map(shapeOf)).size).toBe(6);
});

it("tries the more specific path first", () => {
  expect(ordered("/*", "/{x}", "/a/*", "/a/{x}", "/a/b", "/a", "/", "/a/b/*", "/a/{x}/c", "/{x}/b")).toEqual([
    "/a/b",
    "/a/b/*",
    "/a/{x}/c",
    "/a/{x}",
    "/a",
    "/a/*",
    "/{x}/b",
    "/{x}",
    "/",
    "/*",
  ]);
});

it("tries a higher priority before a more specific path, and more headers before fewer", () => {
  const route = (id: string, more: Partial<OrderedRoute>) => ({ id, priority: 0, path: "/a", headers: [], ...more });
  const routes = [
    route("bare", {}),
    route("header", { headers: [{ name: "x-version", value: "2" }] }),
    route("high", { priority: 10, path: "/*" }),
    route("low", { priority: -1, path: "/a/b" }),
  ];
  expect(routes.sort(compareRoutes).map(({ id }) => id)).toEqual(["high", "header", "bare", "low"]);
});

const segment = fc.constantFrom("a", "b", "B", "{x}", "{y}");
const pattern = fc
  .tuple(fc.array(segment, { maxLength: 4 }), fc.constantFrom("", "/*", "/"))
  .map(([segments, end]) =>
    segments.length === 0 && end === "" ? "/" : `${segments.map((s) => `/${s}`).join("")}${end}`,
  );
const route = fc.record({
  priority: fc.integer({ min: -1, max: 1 }),
  path: pattern,
  headers: fc.array(fc.constant(null), { maxLength: 2 }),
  id: fc.constantFrom("rt_1", "rt_2", "rt_3"),
});

it("is a total order: antisymmetric, transitive, equal only for what is equal", () => {
  fc.assert(
    fc.property(route, route, route, (a, b, c) => {
      expect(Math.sign(compareRoutes(a, b)) + Math.sign(compareRoutes(b, a))).toBe(0);
      if (compareRoutes(a, b) <= 0 && compareRoutes(b, c) <= 0) expect(compareRoutes(a, c)).toBeLessThanOrEqual(0);
      if (compareRoutes(a, b) === 0)
        expect({ ...a, headers: a.headers.length }).toEqual({ ...b, headers: b.headers.length });
    }),
    { numRuns: 2_000 },
  );
});

/** Whether a pattern matches a path, in the simplest words. */
function matches(path: string, given: readonly string[]): boolean {
  const { segments, hasWildcard } = parsePattern(path);
  const isLongEnough = hasWildcard ? given.length >= segments.length : given.length === segments.length;
  return isLongEnough && segments.every((one, at) => !("literal" in one) || one.literal === given[at]);
}

const longer = (paths: string[][]) => paths.flatMap((path) => ["a", "b", "B", "z"].map((letter) => [...path, letter]));
const byLength: string[][][] = [[[]]];
for (let length = 1; length <= 5; length++) byLength.push(longer(byLength[length - 1] ?? []));
const universe = byLength.flat();

it("whatever matches less is tried before what matches more", () => {
  fc.assert(
    fc.property(pattern, pattern, (narrow, wide) => {
      const [few, many] = [narrow, wide].map((path) => universe.filter((given) => matches(path, given)));
      fc.pre(
        few !== undefined && many !== undefined && few.length < many.length && few.every((one) => many.includes(one)),
      );
      const bare = { priority: 0, headers: [], id: "rt_1" };
      expect(compareRoutes({ ...bare, path: narrow }, { ...bare, path: wide })).toBeLessThan(0);
    }),
    { numRuns: 100 },
  );
});
