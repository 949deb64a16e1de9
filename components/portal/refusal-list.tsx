import Link from "next/link";
import { logsHref } from "@/components/logs/log-filters";
import type { Refusal } from "@/components/portal/refusals";
import { Badge } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";

interface RefusalListProps {
  refusals: readonly Refusal[];
  /** By key id. Left out on the page of the one key they are about. */
  keyNames?: ReadonlyMap<string, string>;
}

/** What was refused lately, why, and what to do about it. Stands in a card. */
export function RefusalList({ refusals, keyNames }: RefusalListProps) {
  if (refusals.length === 0) {
    return (
      <EmptyState kind="nothing-yet" bare level={3} title="Nothing was refused">
        When a call with a key is refused, it appears here with the reason.
      </EmptyState>
    );
  }
  return (
    <ul className="text-sm">
      {refusals.map((refusal) => (
        <li
          key={refusal.requestId}
          className="flex flex-wrap gap-x-3 gap-y-1 border-line border-t px-4 py-3 first:border-t-0"
        >
          <Badge tone={refusal.status === 429 ? "warning" : "danger"}>{refusal.status}</Badge>
          <div className="flex min-w-0 flex-1 basis-44 flex-col gap-0.5">
            <p className="flex flex-wrap items-baseline gap-x-2">
              <Link
                href={logsHref({ request: refusal.requestId })}
                prefetch={false}
                className="rounded-xs font-medium underline-offset-4 hover:underline"
              >
                {refusal.title}
              </Link>
              {refusal.count > 1 && <span className="text-ink-soft text-xs">{refusal.count} times</span>}
              <RelativeTime time={refusal.at} className="ml-auto text-ink-soft text-xs" />
            </p>
            <p className="text-ink-soft">
              {refusal.why} {refusal.help}
            </p>
            <p className="flex min-w-0 flex-wrap gap-x-3 text-ink-soft text-xs">
              <code className="break-all">
                {refusal.method} {refusal.path}
              </code>
              {keyNames && refusal.keyId && (
                <Link
                  href={`/keys/${refusal.keyId}`}
                  className="rounded-xs underline decoration-line-strong underline-offset-2 hover:text-ink"
                >
                  {keyNames.get(refusal.keyId) ?? refusal.keyId}
                </Link>
              )}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
