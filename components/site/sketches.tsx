import { cn } from "@/components/ui/cn";
import { Meter } from "@/components/ui/meter";
import { StatusChip, type StatusTone } from "@/components/ui/status-chip";

const frame = "overflow-hidden rounded-md border border-line bg-canvas";

const keys: readonly { name: string; masked: string; status: string; tone: StatusTone }[] = [
  { name: "Checkout service", masked: "ak_…9fQ2", status: "Active", tone: "success" },
  { name: "Nightly export", masked: "ak_…h7Lc", status: "Expires in 5 days", tone: "warning" },
  { name: "Old mobile app", masked: "ak_…Zt04", status: "Revoked", tone: "danger" },
];

export function KeyList() {
  return (
    <div className={frame}>
      {keys.map((key) => (
        <div key={key.name} className="flex h-11 items-center gap-6 border-line border-b px-4 text-sm last:border-b-0">
          <span className="min-w-0 grow truncate font-medium">{key.name}</span>
          <span className="font-mono text-ink-faint text-xs max-lg:hidden">{key.masked}</span>
          <span className="shrink-0 lg:w-36">
            <StatusChip tone={key.tone}>{key.status}</StatusChip>
          </span>
        </div>
      ))}
    </div>
  );
}

export function LimitMeters() {
  return (
    <div className={cn(frame, "flex flex-col gap-3.5 p-4")}>
      <Meter label="Per minute" used={51} limit={60} unit="requests" />
      <Meter label="Per hour" used={418} limit={1_000} unit="requests" />
      <Meter label="Per day" used={2_906} limit={10_000} unit="requests" />
    </div>
  );
}

const hours = [18, 22, 17, 25, 34, 41, 39, 52, 61, 58, 66, 72, 69, 78, 74, 63, 55, 49, 58, 44, 36, 31, 27, 24];
const refusedHours = new Map([
  [8, 9],
  [13, 14],
  [14, 6],
]);

export function UsageBars() {
  return (
    <div className={cn(frame, "flex h-32 items-end gap-1 px-4 pt-4")}>
      {hours.map((share, hour) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the hours of a day, in order, for ever.
        <span key={hour} className="flex grow flex-col justify-end gap-px" style={{ height: `${share + 14}%` }}>
          <span className="bg-warning" style={{ height: `${refusedHours.get(hour) ?? 0}%` }} />
          <span className="grow rounded-t-[1px] bg-accent" />
        </span>
      ))}
    </div>
  );
}

export function IsolationSketch() {
  return (
    <div className={cn(frame, "flex h-32 flex-col justify-center gap-3 px-4 font-mono text-xs")}>
      <LookUp id="key_of_another_tenant" />
      <LookUp id="key_that_never_was" />
    </div>
  );
}

function LookUp({ id }: { id: string }) {
  return (
    <div className="flex items-center justify-between gap-3">
      <span className="truncate">
        <span className="text-ink-faint">GET </span>
        {id}
      </span>
      <span className="shrink-0 rounded-xs border border-line-strong bg-surface px-1.5 py-0.5 text-ink-soft">404</span>
    </div>
  );
}

const endpoints = [
  ["POST", "/keys"],
  ["POST", "/keys/{key_id}/regenerate"],
  ["GET", "/keys/{key_id}/usage"],
  ["GET", "/rate-limit"],
] as const;

export function EndpointList() {
  return (
    <div className={cn(frame, "flex h-32 flex-col justify-center gap-2 px-4 font-mono text-xs")}>
      {endpoints.map(([method, path]) => (
        <div key={path} className="flex gap-3">
          <span className="w-9 shrink-0 text-accent-ink">{method}</span>
          <span className="truncate">{path}</span>
        </div>
      ))}
    </div>
  );
}
