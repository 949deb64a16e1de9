"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { ApiProblem } from "#lib/http/client";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";

interface QueryErrorProps {
  error: Error;
  /** What could not be read: "API keys". */
  what: string;
  onRetry: () => void;
  /** Without a frame, inside a card. */
  bare?: boolean;
}

/** A read that failed: who may not is told whom to ask, whose session ended signs in again, everybody else may retry. */
export function QueryError({ error, what, onRetry, bare = false }: QueryErrorProps) {
  const path = usePathname();
  const problem = error instanceof ApiProblem ? error : null;
  if (problem?.status === 403) {
    return (
      <EmptyState kind="no-permission" title={`You may not see ${what}`} bare={bare}>
        {problem.message} {problem.code === "PERMISSION_DENIED" && "An owner of the account can give it to you."}
      </EmptyState>
    );
  }
  const isSignedOut = problem?.status === 401;
  return (
    <ErrorState
      title={isSignedOut ? "Your session has ended" : `The ${what} could not be read`}
      requestId={isSignedOut ? undefined : (problem?.requestId ?? undefined)}
      bare={bare}
      {...(isSignedOut
        ? {
            action: (
              <Button asChild>
                <Link href={`/sign-in?return_to=${encodeURIComponent(path)}`}>Sign in again</Link>
              </Button>
            ),
          }
        : { onRetry })}
    >
      {isSignedOut ? "Sign in again, and you are back on this page." : error.message}
    </ErrorState>
  );
}
