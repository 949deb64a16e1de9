import { describe, expect, it } from "vitest";
import { defaultKeyLimits, parseRateList } from "#lib/rate-limits/default-limits";
import { slidingWindow } from "#lib/rate-limits/limit";

describe("defaultKeyLimits", () => {
  it("is 60 a minute, 1000 an hour and 10000 a day when nothing is set", () => {
    expect(defaultKeyLimits({})).toEqual([
      slidingWindow(60, 60),
      slidingWindow(1000, 3600),
      slidingWindow(10_000, 86_400),
    ]);
  });

  it("is replaced as a whole by a default with its window", () => {
    const settings = { DEFAULT_RATE_LIMITS: "5/second", API_RATE_LIMIT_DEFAULT: 1000, API_RATE_LIMIT_WINDOW: 3600 };
    expect(defaultKeyLimits(settings)).toEqual([slidingWindow(1000, 3600)]);
    expect(defaultKeyLimits({ API_RATE_LIMIT_DEFAULT: 9 })).toEqual([slidingWindow(9, 3600)]);
  });

  it("follows the list", () => {
    expect(defaultKeyLimits({ DEFAULT_RATE_LIMITS: "5/second, 7/day" })).toEqual([
      slidingWindow(5, 1),
      slidingWindow(7, 86_400),
    ]);
  });
});

it.each(["", "60", "60/week", "0/minute", "-1/minute", "1.5/minute", "60/minute/2", "60/minute,", "60/constructor"])(
  "parseRateList refuses %o",
  (text) => {
    expect(() => parseRateList(text)).toThrow();
  },
);
