import type { UsageRow } from "#lib/usage/contract";
import { formatMeasure } from "@/components/charts/format-measure";
import { cn } from "@/components/ui/cn";

type Timed = Pick<UsageRow, "response_time_ms" | "upstream_time_ms">;

/** How long a request took, and how much of it was spent waiting for the upstream. */
export function RequestTimings({
  request: { response_time_ms: total, upstream_time_ms: upstream },
}: {
  request: Timed;
}) {
  const waited = Math.min(upstream ?? 0, total);
  const parts = [
    ...(upstream === null ? [] : [{ label: "Upstream", ms: waited, fill: "bg-accent" }]),
    { label: upstream === null ? "Portico" : "Portico and transfer", ms: total - waited, fill: "bg-line-control" },
  ];
  return (
    <div className="flex flex-col gap-2 text-sm">
      <div aria-hidden="true" className="flex h-2 gap-px overflow-hidden rounded-full bg-muted">
        {parts.map(({ label, ms, fill }) => (
          <span key={label} className={cn("h-full min-w-0.5", fill)} style={{ flexGrow: total > 0 ? ms / total : 1 }} />
        ))}
      </div>
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-xs tabular-nums">
        <Time label="Total" ms={total} />
        {parts.map(({ label, ms, fill }) => (
          <Time key={label} label={label} ms={ms} fill={fill} />
        ))}
      </dl>
    </div>
  );
}

function Time({ label, ms, fill }: { label: string; ms: number; fill?: string }) {
  return (
    <div className="flex items-center gap-1.5">
      {fill && <span aria-hidden="true" className={cn("size-2 rounded-[2px]", fill)} />}
      <dt className="text-ink-soft">{label}</dt>
      <dd className="font-medium">{formatMeasure(ms, "milliseconds")}</dd>
    </div>
  );
}
