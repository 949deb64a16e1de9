import { describe, expect, it } from "vitest";
import { applyLegacyRates, type LegacyRates, legacyRatesOf } from "#lib/rate-limits/legacy-rates";
import { normalizeLimit, slidingWindow } from "#lib/rate-limits/limit";

const minute = slidingWindow(60, 60);
const hour = slidingWindow(1000, 3600);
const bucket = normalizeLimit({ id: "pace", algorithm: "token_bucket", limit: 5, windowSeconds: 60 });
const none: LegacyRates = {
  rate_limit: null,
  rate_limit_period: null,
  rate_limit_per_minute: null,
  rate_limit_per_hour: null,
  rate_limit_per_day: null,
};

describe("reading a list as legacy fields", () => {
  it("shows each sliding window, null where there is none", () => {
    expect(legacyRatesOf([])).toEqual(none);
    expect(legacyRatesOf([bucket, slidingWindow(5, 90)])).toEqual(none);
    expect(legacyRatesOf([bucket, hour, minute])).toEqual({
      ...none,
      rate_limit: 1000,
      rate_limit_period: "hour",
      rate_limit_per_minute: 60,
      rate_limit_per_hour: 1000,
    });
  });
});

describe("writing legacy fields", () => {
  it.each<[string, Partial<LegacyRates>]>([
    ["S0", { rate_limit: 1000, rate_limit_period: "hour" }],
    ["S0, a second", { rate_limit: 3, rate_limit_period: "second" }],
    ["S1", { rate_limit_per_minute: 100, rate_limit_per_hour: 1000, rate_limit_per_day: 10_000 }],
    ["both, agreeing", { rate_limit: 100, rate_limit_period: "minute", rate_limit_per_minute: 100 }],
  ])("is read back as written: %s", (_, written) => {
    expect(legacyRatesOf(applyLegacyRates([], written))).toMatchObject(written);
    expect(legacyRatesOf(applyLegacyRates([minute, hour, bucket], written))).toMatchObject(written);
  });

  it("replaces that window only", () => {
    expect(applyLegacyRates([minute, bucket, hour], { rate_limit_per_hour: 7 })).toEqual([
      minute,
      bucket,
      slidingWindow(7, 3600),
    ]);
    expect(applyLegacyRates([minute, bucket], { rate_limit: 7, rate_limit_period: "day" })).toEqual([
      slidingWindow(7, 86_400),
      minute,
      bucket,
    ]);
  });

  it("keeps what is absent, removes what is null", () => {
    expect(applyLegacyRates([minute, hour], {})).toEqual([minute, hour]);
    expect(applyLegacyRates([minute, hour], { rate_limit_per_minute: null })).toEqual([hour]);
    expect(applyLegacyRates([minute, hour], { rate_limit: null })).toEqual([hour]);
  });

  it("takes an hour for a missing period, or the period the key has", () => {
    expect(applyLegacyRates([], { rate_limit: 5 })).toEqual([slidingWindow(5, 3600)]);
    expect(applyLegacyRates([minute], { rate_limit: 5 })).toEqual([slidingWindow(5, 60)]);
    expect(applyLegacyRates([minute, hour], { rate_limit_period: "day" })).toEqual([slidingWindow(60, 86_400), hour]);
  });

  it.each<[string, object]>([
    ["#/rate_limit", { rate_limit: 0 }],
    ["#/rate_limit", { rate_limit: "10" }],
    ["#/rate_limit_per_day", { rate_limit_per_day: -1 }],
    ["#/rate_limit_period", { rate_limit: 1, rate_limit_period: "toString" }],
    ["#/rate_limit_period", { rate_limit_period: "day" }],
    ["#/rate_limit", { rate_limit: 1, rate_limit_period: "day", rate_limit_per_day: 2 }],
  ])("refuses, naming %s: %o", (pointer, written) => {
    expect(() => applyLegacyRates([], written)).toThrow(
      expect.objectContaining({
        code: "VALIDATION_FAILED",
        extras: { fields: [expect.objectContaining({ pointer })] },
      }),
    );
  });
});
