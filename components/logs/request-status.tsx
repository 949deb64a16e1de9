import { Badge } from "@/components/ui/badge";
import { Tooltip } from "@/components/ui/tooltip";

const callerLeft = 499;

function toneOf(status: number) {
  if (status >= 500) return "danger";
  if (status >= 400) return "warning";
  return status >= 300 ? "neutral" : "success";
}

/** How a request was answered. 499 is no answer: the caller left before it. */
export function RequestStatus({ status }: { status: number }) {
  const badge = (
    <Badge tone={toneOf(status)} className="tabular-nums">
      {status}
    </Badge>
  );
  if (status !== callerLeft) return badge;
  return (
    <Tooltip content="The caller left before the answer">
      <span>{badge}</span>
    </Tooltip>
  );
}
