import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countersOf, keyPart } from "#lib/rate-limits/counter";
import { normalizeLimit, slidingWindow } from "#lib/rate-limits/limit";

const names = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.string({ unit: fc.constantFrom("a", "b", ":", "{", "}", "|", "~", "\0", "\ud800", "\udc00"), maxLength: 4 }),
);

describe("counter keys", () => {
  it("differ whenever tenant, limit or subject differ", () => {
    const triple = fc.tuple(names, names, names);
    const key = ([tag, id, subject]: [string, string, string]) =>
      countersOf(tag, { limit: { ...slidingWindow(1, 60), id }, subject })[0].key;
    fc.assert(fc.property(triple, triple, (a, b) => (key(a) === key(b)) === (a.join("\u0001,") === b.join("\u0001,"))));
  });

  it("hold one hash tag, the tenant's, and nothing that could be read as another", () => {
    fc.assert(
      fc.property(names, names, names, (tag, id, subject) => {
        const [{ key }] = countersOf(tag, { limit: { ...slidingWindow(1, 60), id }, subject });
        expect(key).toMatch(/^rl:\{[\w.~-]+\}:[\w.~-]+:[\w.~-]+:log60$/);
      }),
    );
  });

  it("stay readable for our own ids and hide what is not one", () => {
    const [{ key }] = countersOf("tn_1", { limit: slidingWindow(60, 60), subject: "key_7" });
    expect(key).toBe("rl:{tn_1}:minute:key_7:log60");
    expect(keyPart("ada@example.com")).not.toContain("ada");
    expect(keyPart("x".repeat(10_000)).length).toBeLessThan(40);
  });

  it("are others for another kind of counting", () => {
    const check = { subject: "key_7" };
    const keys = [
      slidingWindow(1000, 60),
      slidingWindow(1001, 60),
      slidingWindow(1000, 3600, "minute"),
      normalizeLimit({ algorithm: "fixed_window", limit: 10, windowSeconds: 60 }),
      normalizeLimit({ algorithm: "token_bucket", limit: 10, windowSeconds: 60 }),
    ].map((limit) => countersOf("tn_1", { ...check, limit })[0].key);
    const [shadow] = countersOf("tn_1", { ...check, limit: slidingWindow(1000, 60), isShadow: true });
    expect(new Set([...keys, shadow.key]).size).toBe(6);
  });
});

it("a burst is a further window of one second, where it can bind", () => {
  const counters = (burst: number) =>
    countersOf("tn_1", { limit: { ...slidingWindow(60, 60), burst }, subject: "key_7" });
  expect(counters(10)).toMatchObject([
    { capacity: 60, windowMs: 60_000 },
    { capacity: 10, windowMs: 1000, kind: "log" },
  ]);
  expect(counters(60)).toHaveLength(1);
});
