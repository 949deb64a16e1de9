"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, X } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useEffect, useState } from "react";
import type { ApiKey } from "#lib/keys/contract";
import { CreateKeyDialog } from "@/components/keys/create-key-dialog";
import { logsHref } from "@/components/logs/log-filters";
import { latestCallQuery } from "@/components/overview/latest-call.queries";
import { newestKeysQuery } from "@/components/overview/newest-keys.queries";
import { onboardingSteps } from "@/components/overview/onboarding-steps";
import { statsQuery } from "@/components/overview/overview.queries";
import { awaitedMs } from "@/components/portal/live";
import { usePortal } from "@/components/portal/portal-context";
import { useDialog } from "@/components/portal/use-dialog";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { CodeBlock } from "@/components/ui/code-block";
import { IconButton } from "@/components/ui/icon-button";
import { Progress } from "@/components/ui/progress";
import { Spinner } from "@/components/ui/spinner";
import { catalogQuery } from "@/components/usage/catalog.queries";
import { sampleCall } from "@/components/usage/sample-call";

const stepsCount = 3;

/**
 * The way to the first call. It completes itself from data: nobody ticks anything. Not there for accounts that call already;
 * once the first call arrives while it is looked at, it stays to say so.
 */
export function Onboarding({ keys }: { keys: readonly ApiKey[] }) {
  const steps = onboardingSteps(keys);
  const [wasDone] = useState(steps.hasCalled);
  const [isDismissed, setDismissed] = useState(false);
  const dialog = useDialog<"create">();
  // Shares the key list's cache: what arrives here is what `keys` becomes.
  useQuery({ ...newestKeysQuery(), refetchInterval: awaitedMs, enabled: steps.hasKey && !steps.hasCalled && !wasDone });
  useFreshFigures(steps.hasCalled && !wasDone);
  if (wasDone || isDismissed) return null;

  const done = 1 + Number(steps.hasKey) + Number(steps.hasCalled);
  return (
    <Card>
      <CardHeader
        title={steps.hasCalled ? "You are set up" : "Make your first call"}
        description={`${done} of ${stepsCount} done`}
        actions={
          steps.hasCalled && (
            <IconButton label="Dismiss" icon={<X aria-hidden="true" />} onClick={() => setDismissed(true)} />
          )
        }
      />
      <Progress label="First steps" value={done} max={stepsCount} className="rounded-none" />
      <ol>
        <Step isDone title="Create an account" />
        <Step isDone={steps.hasKey} title="Create an API key">
          {!steps.hasKey && (
            <>
              <p className="text-ink-soft">It says who calls. You see it once, so have a safe place ready.</p>
              <Button ref={dialog.trigger} variant="primary" onClick={() => dialog.show("create")}>
                Create key
              </Button>
            </>
          )}
        </Step>
        <Step isDone={steps.hasCalled} title="Make the first call">
          <FirstCall steps={steps} />
        </Step>
      </ol>
      {dialog.shown && <CreateKeyDialog open={dialog.isOpen} onClose={dialog.hide} />}
    </Card>
  );
}

/** The first call is seen in the figures below at once, not when they are due to be read again. */
function useFreshFigures(hasArrived: boolean) {
  const cache = useQueryClient();
  useEffect(() => {
    if (hasArrived) void cache.invalidateQueries({ queryKey: statsQuery().queryKey });
  }, [cache, hasArrived]);
}

function FirstCall({ steps: { hasKey, hasCalled } }: { steps: ReturnType<typeof onboardingSteps> }) {
  const { apiUrl } = usePortal();
  const catalog = useQuery({ ...catalogQuery(), enabled: hasKey && !hasCalled });
  return (
    <>
      {hasKey && !hasCalled && (
        <>
          <p className="text-ink-soft">
            Put the key into <code>PORTICO_API_KEY</code>, or in place of the variable, and run:
          </p>
          {!catalog.isPending && (
            <CodeBlock label="First call" code={sampleCall(catalog.data?.data ?? [], apiUrl)} className="w-full" />
          )}
        </>
      )}
      <p role="status" className="flex items-center gap-2 text-ink-soft">
        {hasKey && !hasCalled && (
          <>
            <Spinner className="text-ink-faint" />
            Waiting for your first request …
          </>
        )}
        {hasCalled && "Your first request has arrived."}
      </p>
      {hasCalled && <FirstRequestLink />}
    </>
  );
}

/** The way to the request that has just arrived, and what was decided about it. */
function FirstRequestLink() {
  const first = useQuery(latestCallQuery());
  const request = first.data?.data[0]?.request_id;
  return (
    <Button asChild>
      <Link href={logsHref({ management: true, ...(request !== undefined && { request }) })}>See it in Logs</Link>
    </Button>
  );
}

function Step({ isDone, title, children }: { isDone: boolean; title: string; children?: ReactNode }) {
  return (
    <li className="flex gap-3 border-line border-t px-4 py-3 text-sm first:border-t-0">
      <span
        className={cn(
          "mt-px grid size-4.5 shrink-0 place-items-center rounded-full border",
          isDone ? "border-success-line bg-success-soft text-success-ink" : "border-line-control",
        )}
      >
        {isDone && <Check aria-hidden="true" strokeWidth={3} className="size-2.5" />}
        <span className="sr-only">{isDone ? "Done:" : "To do:"}</span>
      </span>
      <div className="flex min-w-0 grow flex-col items-start gap-2">
        <h3 className={cn("font-medium", isDone && "text-ink-soft")}>{title}</h3>
        {children}
      </div>
    </li>
  );
}
