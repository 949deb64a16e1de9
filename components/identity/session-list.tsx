"use client";

import { useQuery } from "@tanstack/react-query";
import { Monitor, Smartphone, Terminal } from "lucide-react";
import { useState } from "react";
import type { Session } from "#lib/identity/contract";
import { describeUserAgent } from "@/components/identity/describe-user-agent";
import { sessionsQuery, useEndAllSessions, useEndSession } from "@/components/identity/identity.queries";
import { QueryError } from "@/components/portal/query-error";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Card, CardFooter, CardHeader } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { RelativeTime } from "@/components/ui/relative-time";
import { showToast } from "@/components/ui/toast";

const icons = { computer: Monitor, phone: Smartphone, program: Terminal };

/** Where the person is signed in, and the way out of each place and of all. */
export function SessionList({ initial }: { initial: Session[] }) {
  const { data, error, refetch } = useQuery({ ...sessionsQuery(), initialData: initial });
  return (
    <Card>
      <CardHeader title="Sessions" description="Browsers and programs that are signed in as you." />
      {error ? (
        <QueryError error={error} what="sessions" onRetry={refetch} bare />
      ) : (
        <ul aria-label="Sessions">
          {data.toSorted(currentFirst).map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </ul>
      )}
      <CardFooter>
        <span>A session you do not know? End it, then change your password.</span>
        <EndAllSessions count={data.length} />
      </CardFooter>
    </Card>
  );
}

const currentFirst = (a: Session, b: Session) => Number(b.is_current) - Number(a.is_current);

function SessionRow({ session }: { session: Session }) {
  const { name, form } = describeUserAgent(session.user_agent);
  const Icon = icons[form];
  return (
    <li className="flex items-center gap-3 border-line border-t px-4 py-3 first:border-t-0">
      <Icon aria-hidden="true" className="size-4 shrink-0 text-ink-faint" />
      <div className="min-w-0 grow text-sm">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="break-words font-medium" title={session.user_agent ?? undefined}>
            {name}
          </span>
          {session.is_current && <Badge tone="success">This browser</Badge>}
        </p>
        <p className="flex flex-wrap gap-x-3 text-ink-soft text-xs">
          <span className="wrap-anywhere tabular-nums">{session.ip_address ?? "Unknown address"}</span>
          <span>
            Last seen <RelativeTime time={session.last_seen_at} />
          </span>
          <span>
            Signed in <RelativeTime time={session.created_at} />
          </span>
        </p>
      </div>
      {!session.is_current && <EndSession session={session} name={name} />}
    </li>
  );
}

function EndSession({ session, name }: { session: Session; name: string }) {
  const [isOpen, setOpen] = useState(false);
  const end = useEndSession();
  const confirm = () =>
    end.mutate(session.id, {
      onSuccess() {
        setOpen(false);
        showToast({ title: `The session of ${name} has ended` });
      },
    });
  return (
    <ConfirmDialog
      open={isOpen}
      onOpenChange={setOpen}
      title={`End the session of ${name}?`}
      consequence="It is signed out within a second. Whoever uses it has to sign in again."
      confirmLabel="End session"
      onConfirm={confirm}
      pending={end.isPending}
      error={
        end.error && (
          <Callout tone="danger" live>
            {end.error.message}
          </Callout>
        )
      }
      trigger={
        <Button size="sm" aria-label={`End the session of ${name}`}>
          End
        </Button>
      }
    />
  );
}

function EndAllSessions({ count }: { count: number }) {
  const endAll = useEndAllSessions();
  const others = count === 1 ? "This is your only session: you" : `All ${count} sessions end, this one too: you`;
  return (
    <ConfirmDialog
      title="Sign out everywhere?"
      consequence={`${others} have to sign in again. API keys go on working.`}
      confirmLabel="Sign out everywhere"
      onConfirm={() => endAll.mutate()}
      pending={endAll.isPending || endAll.isSuccess}
      error={
        endAll.error && (
          <Callout tone="danger" live>
            {endAll.error.message}
          </Callout>
        )
      }
      trigger={
        <Button size="sm" variant="danger-quiet">
          Sign out everywhere
        </Button>
      }
    />
  );
}
