import { describe, expect, it } from "vitest";
import { formatBucket, formatTick, ticksOf, totalOf } from "@/components/charts/series";

const daySeconds = 86_400;

describe("a series over time", () => {
  it("labels days as days and shorter buckets with their time, in UTC", () => {
    const at = "2026-11-20T14:00:00Z";
    expect(formatTick(at, daySeconds)).toBe("20 Nov");
    expect(formatTick(at, 3_600)).toBe("14:00");
    expect(formatBucket(at, 3_600)).toBe("20 Nov, 14:00 UTC");
  });

  it("names the day where one begins among hours", () => {
    expect(formatTick("2026-11-20T00:00:00Z", 3_600)).toBe("20 Nov");
  });

  it("names buckets evenly apart, and always the last", () => {
    const days = Array.from({ length: 30 }, (_, day) => ({ at: String(day + 1), values: {} }));
    expect(ticksOf(days, daySeconds)).toEqual(["5", "10", "15", "20", "25", "30"]);
    expect(ticksOf(days.slice(0, 3), daySeconds)).toEqual(["1", "2", "3"]);
    expect(ticksOf([], daySeconds)).toEqual([]);
  });

  it("names the beginnings of days where hours fill several of them", () => {
    const from = Date.UTC(2026, 10, 13, 11);
    const hours = Array.from({ length: 168 }, (_, hour) => ({
      at: new Date(from + hour * 3_600_000).toISOString(),
      values: {},
    }));
    expect(ticksOf(hours, 3_600).map((at) => formatTick(at, 3_600))).toEqual(
      [14, 15, 16, 17, 18, 19, 20].map((day) => `${day} Nov`),
    );
  });

  it("counts a missing value as none", () => {
    const buckets = [
      { at: "a", values: { ok: 2 } },
      { at: "b", values: { ok: null } },
      { at: "c", values: {} },
    ];
    expect(totalOf(buckets, "ok")).toBe(2);
    expect(totalOf(buckets, "failed")).toBe(0);
  });
});
