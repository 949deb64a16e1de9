"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { usePortal } from "@/components/portal/portal-context";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { EmptyState } from "@/components/ui/empty-state";
import { catalogQuery } from "@/components/usage/catalog.queries";
import { sampleCall } from "@/components/usage/sample-call";

interface NoTrafficProps {
  title: string;
  /** The management API's calls are left out: the way to see them. */
  onIncludeManagement?: (() => void) | undefined;
}

/** Before the first request: how one makes it. */
export function NoTraffic({ title, onIncludeManagement }: NoTrafficProps) {
  const { apiUrl } = usePortal();
  const catalog = useQuery(catalogQuery());
  return (
    <div className="flex flex-col gap-4">
      <EmptyState
        kind="nothing-yet"
        title={title}
        action={
          <>
            <Button asChild>
              <Link href="/keys">Go to API keys</Link>
            </Button>
            {onIncludeManagement && (
              <Button variant="ghost" onClick={onIncludeManagement}>
                Include management API
              </Button>
            )}
          </>
        }
      >
        Call with one of your keys and it appears here within a few seconds.
      </EmptyState>
      {!catalog.isPending && <CodeBlock label="A call" code={sampleCall(catalog.data?.data ?? [], apiUrl)} />}
    </div>
  );
}
