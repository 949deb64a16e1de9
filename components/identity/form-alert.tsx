import type { ReactNode } from "react";
import type { FormProblem } from "@/components/identity/form-problem";
import { Callout } from "@/components/ui/callout";

/** What a form was refused for and no field can say. Read out when it appears. */
export function FormAlert({ problem, children }: { problem: FormProblem | null; children?: ReactNode }) {
  if (!problem) return null;
  return (
    <Callout tone="danger" live>
      {problem.above.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {children}
      {problem.requestId && (
        <p className="mt-1 text-ink-soft text-xs">
          Request id <code className="select-all break-all">{problem.requestId}</code>
        </p>
      )}
    </Callout>
  );
}
