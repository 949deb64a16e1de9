"use client";

import { ApiProblem } from "#lib/http/client";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { formatClock } from "@/components/ui/format-time";

interface RefreshFailureProps {
  /** The last failure to read what is shown; null when there was none since. */
  error: Error | null;
  /** What could not be read again: "figures". */
  what: string;
  /** When what is shown was read, Unix milliseconds. */
  readAt: number;
  onRetry: () => void;
  className?: string;
}

/** Above what was read before: it stays, and says that it is old. Nothing where the last reading went well. */
export function RefreshFailure({ error, what, readAt, onRetry, className }: RefreshFailureProps) {
  if (!error) return null;
  const requestId = error instanceof ApiProblem ? error.requestId : null;
  return (
    <Callout
      tone="warning"
      title={`The ${what} could not be read again`}
      action={
        <Button size="sm" onClick={onRetry}>
          Try again
        </Button>
      }
      {...(className && { className })}
    >
      <span role="status">
        You see them as they were at {formatClock(new Date(readAt))}. {error.message}
        {requestId && (
          <>
            {" "}
            Request id <code className="text-xs">{requestId}</code>
          </>
        )}
      </span>
    </Callout>
  );
}
