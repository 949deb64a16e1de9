import type { UsageRow } from "#lib/usage/contract";

export interface DecisionStep {
  /** What was looked at: "Limits". Empty where the sentence does not say. */
  subject: string;
  /** What came out: "59 of 60 calls per 60 s left, the tightest limit." */
  finding: string;
  outcome: "passed" | "refused" | "failed";
}

const refusal = " Refused.";
const failedFrom = 499; // a caller who left, and what went wrong behind the gateway

/** A decision trace as steps. Where nothing was refused and the request failed all the same, it was the last step that did. */
export function decisionSteps({ decisions, status_code }: Pick<UsageRow, "decisions" | "status_code">): DecisionStep[] {
  const hasFailed = status_code >= failedFrom && !decisions.some((sentence) => sentence.endsWith(refusal));
  return decisions.map((sentence, index) => {
    const isLast = index === decisions.length - 1;
    const outcome = sentence.endsWith(refusal) ? "refused" : hasFailed && isLast ? "failed" : "passed";
    return { ...subjectAndFinding(sentence.replace(/ Refused\.$/, "")), outcome };
  });
}

function subjectAndFinding(sentence: string): Pick<DecisionStep, "subject" | "finding"> {
  const [, subject = "", finding = sentence] = /^([A-Z][\w ]{0,30}): (.+)$/s.exec(sentence) ?? [];
  return { subject, finding: finding.charAt(0).toUpperCase() + finding.slice(1) };
}
