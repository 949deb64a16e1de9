import { Check, X } from "lucide-react";
import { type ErrorCode, errorCatalogue } from "#lib/core/errors";
import type { UsageRow } from "#lib/usage/contract";
import { type DecisionStep, decisionSteps } from "@/components/logs/decision-steps";
import { cn } from "@/components/ui/cn";
import { TextLink } from "@/components/ui/text-link";

type Decided = Pick<UsageRow, "decisions" | "status_code" | "error_code">;

/** What was decided about a request, check by check. The one that ended it says what to do. */
export function DecisionTrace({ request }: { request: Decided }) {
  const steps = decisionSteps(request);
  const last = steps.findLastIndex(({ outcome }) => outcome !== "passed");
  if (steps.length === 0) return <p className="text-ink-soft text-sm">No check was taken down for this request.</p>;
  return (
    <ol className="text-sm">
      {steps.map((step, index) => (
        <Step
          // biome-ignore lint/suspicious/noArrayIndexKey: a trace never changes, and two checks may read alike.
          key={index}
          step={step}
        >
          {index === last && <WhatToDo code={request.error_code} />}
        </Step>
      ))}
      {last < 0 && request.error_code && (
        <li className="pl-8">
          <WhatToDo code={request.error_code} />
        </li>
      )}
    </ol>
  );
}

const words = { passed: "Passed:", refused: "Refused:", failed: "Failed:" };

function Step({ step: { subject, finding, outcome }, children }: { step: DecisionStep; children: React.ReactNode }) {
  const isEnd = outcome !== "passed";
  return (
    <li className="group relative flex gap-3 pb-4 last:pb-0">
      <span aria-hidden="true" className="absolute top-5 bottom-0 left-[0.5625rem] w-px bg-line group-last:hidden" />
      <span
        className={cn(
          "relative mt-0.5 grid size-4.75 shrink-0 place-items-center rounded-full border",
          isEnd ? "border-danger-line bg-danger-soft text-danger-ink" : "border-line bg-surface text-success-ink",
        )}
      >
        {isEnd ? (
          <X aria-hidden="true" strokeWidth={3} className="size-2.5" />
        ) : (
          <Check aria-hidden="true" strokeWidth={3} className="size-2.5" />
        )}
      </span>
      <div
        className={cn("min-w-0 grow", isEnd && "-mt-1 rounded-sm border border-danger-line bg-danger-soft px-3 py-2")}
      >
        <p>
          <span className="sr-only">{words[outcome]}</span>
          {subject && <span className="font-medium">{subject} </span>}
          <span className={isEnd ? "text-ink" : "text-ink-soft"}>{finding}</span>
        </p>
        {children}
      </div>
    </li>
  );
}

/** The code's own advice, and the page that has it all. */
function WhatToDo({ code }: { code: string | null }) {
  if (code === null || !Object.hasOwn(errorCatalogue, code)) return null;
  return (
    <p className="mt-1 text-ink-soft">
      {errorCatalogue[code as ErrorCode].help}{" "}
      <TextLink href={`/docs/errors/${code}`} className="whitespace-nowrap">
        About this error
      </TextLink>
    </p>
  );
}
