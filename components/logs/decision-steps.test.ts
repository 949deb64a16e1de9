import { describe, expect, it } from "vitest";
import { decisionSteps } from "@/components/logs/decision-steps";

const good = "Authentication: the API key is good (its secret number 1).";

describe("a decision trace", () => {
  it("is a list of steps, the one that refused among them", () => {
    const limited = "Limits: 5 calls per 60 s are used up; the next one gets in after 34 s. Refused.";
    expect(decisionSteps({ decisions: [good, limited], status_code: 429 })).toEqual([
      { subject: "Authentication", finding: "The API key is good (its secret number 1).", outcome: "passed" },
      {
        subject: "Limits",
        finding: "5 calls per 60 s are used up; the next one gets in after 34 s.",
        outcome: "refused",
      },
    ]);
  });

  it("blames the last step for a failure nobody decided", () => {
    const decisions = [good, "Upstream: no answer within 30000 ms, at attempt 1."];
    expect(decisionSteps({ decisions, status_code: 504 }).map(({ outcome }) => outcome)).toEqual(["passed", "failed"]);
    expect(decisionSteps({ decisions, status_code: 200 }).map(({ outcome }) => outcome)).toEqual(["passed", "passed"]);
  });

  it("shows a sentence without a subject as it is", () => {
    const [step] = decisionSteps({ decisions: ["Further checks were made."], status_code: 200 });
    expect(step).toEqual({ subject: "", finding: "Further checks were made.", outcome: "passed" });
  });
});
