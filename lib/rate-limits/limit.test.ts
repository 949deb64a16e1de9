import { describe, expect, it } from "vitest";
import { isAppError } from "#lib/core/errors";
import { capacityOf, effectiveWindowSeconds, type LimitInput, normalizeLimit, refillOf } from "#lib/rate-limits/limit";

function refusedField(input: LimitInput): string | undefined {
  try {
    normalizeLimit(input, "limits/0");
  } catch (error) {
    if (isAppError(error) && error.code === "VALIDATION_FAILED") return error.extras.fields?.[0]?.pointer;
    throw error;
  }
  return undefined;
}

describe("normalizeLimit", () => {
  it("completes what is left out", () => {
    expect(normalizeLimit({ limit: 60, windowSeconds: 60 })).toEqual({
      id: "minute",
      algorithm: "sliding_window",
      limit: 60,
      windowSeconds: 60,
    });
    expect(normalizeLimit({ limit: 60, windowSeconds: 90 }).id).toBe("90s");
    const daily = { algorithm: "fixed_window", limit: 5, windowSeconds: 86_400, alignedTo: "06:30" } as const;
    expect(normalizeLimit(daily)).toMatchObject({ id: "day", alignedTo: "06:30", timezone: "UTC" });
  });

  it("reads a bucket told by its size and pace, or by a rate", () => {
    const paced = normalizeLimit({ algorithm: "token_bucket", burst: 20, refillPerSecond: 2.5 });
    expect(paced).toMatchObject({ limit: 20, burst: 20, windowSeconds: 8 });
    const rated = normalizeLimit({ algorithm: "token_bucket", limit: 100, windowSeconds: 60, burst: 20 });
    expect([capacityOf(rated), effectiveWindowSeconds(rated)]).toEqual([20, 12]);
    expect(refillOf(rated)).toEqual({ perMs: 1, perToken: 600 });
    expect(refillOf(paced)).toEqual({ perMs: 1, perToken: 400 });
  });

  it.each([0, -1, 1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, "10", null, undefined, {}, 10n])(
    "refuses %s as a number",
    (value) => {
      expect(refusedField({ limit: value, windowSeconds: 60 })).toBe("#/limits/0/limit");
      expect(refusedField({ limit: 60, windowSeconds: value })).toBe("#/limits/0/window_seconds");
      if (value !== undefined)
        expect(refusedField({ limit: 9, windowSeconds: 60, burst: value })).toBe("#/limits/0/burst");
    },
  );

  it.each<[string, LimitInput]>([
    ["algorithm", { algorithm: "leaky", limit: 1, windowSeconds: 1 }],
    ["id", { id: "no spaces", limit: 1, windowSeconds: 1 }],
    ["on_store_loss", { onStoreLoss: "open", limit: 1, windowSeconds: 1 }],
    ["refill_rate", { refillPerSecond: 1, limit: 1, windowSeconds: 1 }],
    ["refill_rate", { algorithm: "token_bucket", burst: 1, refillPerSecond: 0.0001 }],
    ["refill_rate", { algorithm: "token_bucket", burst: 1, refillPerSecond: "1" }],
    ["limit", { algorithm: "token_bucket", refillPerSecond: 1 }],
    ["limit", { algorithm: "token_bucket", limit: 1_000_000_000, windowSeconds: 31_536_001 }],
    ["window_seconds", { algorithm: "token_bucket", burst: 1_000_000_000, refillPerSecond: 0.001 }],
    ["aligned_to", { limit: 1, windowSeconds: 86_400, alignedTo: "00:00" }],
    ["aligned_to", { algorithm: "fixed_window", limit: 1, windowSeconds: 3600, alignedTo: "00:00" }],
    ["aligned_to", { algorithm: "fixed_window", limit: 1, windowSeconds: 86_400, alignedTo: "24:00" }],
    [
      "timezone",
      { algorithm: "fixed_window", limit: 1, windowSeconds: 86_400, alignedTo: "00:00", timezone: "Mars/Base" },
    ],
    ["timezone", { algorithm: "fixed_window", limit: 1, windowSeconds: 86_400, timezone: "UTC" }],
  ])("names the refused field: %s of %o", (field, input) => {
    expect(refusedField(input)).toBe(`#/limits/0/${field}`);
  });
});
