import { describe, expect, it } from "vitest";
import { timeLeftText } from "./time-left.tsx";

describe("the time until a limit lets calls in", () => {
  it("is counted in seconds, then minutes, then hours, always rounded up", () => {
    const texts = [0, 1, 33_400, 119_000, 120_500, 3_600_000, 7_200_001].map(timeLeftText);
    expect(texts).toEqual(["0 s", "1 s", "34 s", "119 s", "3 min", "about an hour", "3 h"]);
  });

  it("calls a window's whole hour or day about one, although the last slice of it ends later", () => {
    const texts = [59 * 60_000, 60.5 * 60_000, 61.5 * 60_000, 23 * 3_600_000, 24.4 * 3_600_000, 72 * 3_600_000];
    expect(texts.map(timeLeftText)).toEqual(["59 min", "about an hour", "62 min", "23 h", "about a day", "3 days"]);
  });

  it("is never negative: a moment that has passed is now", () => {
    expect(timeLeftText(-5_000)).toBe("0 s");
  });
});
