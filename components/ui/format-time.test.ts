import { describe, expect, it } from "vitest";
import { formatAbsolute, formatClock, formatDay, formatLogTime, formatRelative } from "./format-time.ts";

const nowMs = Date.UTC(2026, 10, 20, 12, 0, 0);
const secondsFromNow = (seconds: number) => formatRelative(new Date(nowMs + seconds * 1_000), nowMs);

describe("times for people", () => {
  it("names the largest whole unit, in the past and in the future", () => {
    expect(secondsFromNow(-180)).toBe("3 minutes ago");
    expect(secondsFromNow(-3_600)).toBe("1 hour ago");
    expect(secondsFromNow(6 * 86_400 + 5)).toBe("in 6 days");
    expect(secondsFromNow(89 * 86_400 + 5)).toBe("in 89 days");
    expect(secondsFromNow(-100 * 86_400)).toBe("3 months ago");
    expect(secondsFromNow(-400 * 86_400)).toBe("1 year ago");
  });

  it("never promises more than has passed", () => {
    expect(secondsFromNow(-119)).toBe("1 minute ago");
    expect(secondsFromNow(-59)).toBe("just now");
    expect(secondsFromNow(59)).toBe("in a moment");
  });

  it("writes the absolute time in UTC, whatever zone the machine is in", () => {
    expect(formatAbsolute(new Date("2026-11-20T23:30:05+02:00"))).toBe("20 Nov 2026, 21:30:05 UTC");
    expect(formatClock(new Date("2026-11-20T23:30:05+02:00"))).toBe("21:30:05 UTC");
    expect(formatLogTime(new Date("2026-11-20T23:30:05+02:00"))).toBe("20 Nov, 21:30:05");
    expect(formatDay(new Date("2026-11-20T00:30:00+02:00"))).toBe("19 Nov 2026");
  });
});
