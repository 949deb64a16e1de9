import { describe, expect, it } from "vitest";
import { roundRobin } from "#gateway/upstream/round-robin";

const a = { name: "a", isFree: true };
const b = { name: "b", isFree: true };
const c = { name: "c", isFree: true };
const taken = { name: "taken", isFree: false };

describe("roundRobin", () => {
  it("takes one after the other", () => {
    const { next } = roundRobin();
    expect([1, 2, 3, 4].map(() => next([a, b, c])?.name)).toEqual(["a", "b", "c", "a"]);
  });

  it("passes over those that are not free", () => {
    const { next } = roundRobin();
    expect([1, 2, 3].map(() => next([a, taken, c])?.name)).toEqual(["a", "c", "a"]);
    expect(next([taken])).toBeUndefined();
    expect(next([])).toBeUndefined();
  });

  it("takes the one that just failed only if there is no other", () => {
    const { next } = roundRobin();
    expect([1, 2, 3].map(() => next([a, b], a)?.name)).toEqual(["b", "b", "b"]);
    expect(next([a, taken], a)).toBe(a);
  });
});
