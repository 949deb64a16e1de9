import { describe, expect, it } from "vitest";
import { formatAxis, formatMeasure } from "@/components/charts/format-measure";

describe("figures with their units", () => {
  it("write durations in the unit people say", () => {
    expect(formatMeasure(0.4321, "milliseconds")).toBe("0.432 ms");
    expect(formatMeasure(43.1, "milliseconds")).toBe("43.1 ms");
    expect(formatMeasure(1_234, "milliseconds")).toBe("1.23 s");
    expect(formatMeasure(90_000, "milliseconds")).toBe("1.5 min");
  });

  it("write bytes in decimal units", () => {
    expect(formatMeasure(0, "bytes")).toBe("0 B");
    expect(formatMeasure(999, "bytes")).toBe("999 B");
    expect(formatMeasure(1_234_567, "bytes")).toBe("1.23 MB");
  });

  it("write counts whole, and short on an axis", () => {
    expect(formatMeasure(12_480, "count")).toBe("12,480");
    expect(formatAxis(12_480, "count")).toBe("12K");
    expect(formatMeasure(0.256, "percent")).toBe("0.26%");
  });

  it("show a dash for what was not measured, not a zero", () => {
    expect(formatMeasure(null, "milliseconds")).toBe("–");
  });
});
