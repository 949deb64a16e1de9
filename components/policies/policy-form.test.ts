import { describe, expect, it } from "vitest";
import { createPolicyBody } from "#lib/policies/contract";
import { limitBodyOf, limitValues, newLimit } from "./policy-form.ts";

describe("a limit on the form of a policy", () => {
  it("is sent as it was typed, without a burst that was left empty", () => {
    expect(limitBodyOf({ ...newLimit, limit: "1,000" })).toEqual({
      algorithm: "sliding_window",
      limit: 1000,
      window_seconds: 60,
    });
  });

  it("keeps what the form has no fields for", () => {
    const bucket = { algorithm: "token_bucket", burst: 20, refill_rate: 5 } as const;
    expect(limitBodyOf(limitValues(bucket))).toEqual(bucket);
  });

  it("without a number is refused at its field rather than taken for no limit", () => {
    const body = { kind: "rate_limit", name: "Tight", configuration: { limits: [limitBodyOf(newLimit)] } };
    const checked = createPolicyBody.safeParse(body);
    expect(checked.error?.issues[0]?.path).toEqual(["configuration", "limits", 0, "limit"]);
  });
});
