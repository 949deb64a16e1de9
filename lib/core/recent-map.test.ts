import { expect, it } from "vitest";
import { RecentMap } from "#lib/core/recent-map";

it("keeps what is used and forgets what is not", () => {
  const map = new RecentMap<number, string>(10);
  map.set(0, "used");
  for (let key = 1; key <= 100; key++) {
    map.set(key, "once");
    expect(map.get(0)).toBe("used");
  }
  expect(map.get(1)).toBeUndefined();
  expect(map.get(100)).toBe("once");
  map.set(100, "changed");
  expect(map.get(100)).toBe("changed");
});

it("never holds more than it may", () => {
  const map = new RecentMap<number, string>(10);
  for (let key = 0; key < 1000; key++) map.set(key, "once");
  expect(Array.from({ length: 1000 }, (_, key) => map.get(key)).filter(Boolean).length).toBeLessThanOrEqual(10);
});
