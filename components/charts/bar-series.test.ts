import { describe, expect, it } from "vitest";
import { formatBucket, formatTick, ticksOf, totalOf } from "@/components/charts/bar-series";

describe("a series of bars", () => {
  it("labels days as days and shorter buckets with their time, in UTC", () => {
    const at = "2026-11-20T14:00:00Z";
    expect(formatTick(at, 86_400)).toBe("20 Nov");
    expect(formatTick(at, 3_600)).toBe("14:00");
    expect(formatBucket(at, 3_600)).toBe("20 Nov, 14:00 UTC");
  });

  it("names buckets evenly apart, and always the last", () => {
    const days = Array.from({ length: 30 }, (_, day) => ({ at: String(day + 1), values: {} }));
    expect(ticksOf(days)).toEqual(["5", "10", "15", "20", "25", "30"]);
    expect(ticksOf(days.slice(0, 3))).toEqual(["1", "2", "3"]);
    expect(ticksOf([])).toEqual([]);
  });

  it("counts a missing value as none", () => {
    const buckets = [
      { at: "a", values: { ok: 2 } },
      { at: "b", values: {} },
    ];
    expect(totalOf(buckets, "ok")).toBe(2);
    expect(totalOf(buckets, "failed")).toBe(0);
  });
});
