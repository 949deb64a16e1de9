"use client";

import type { LimitStateBody } from "#lib/rate-limits/contract";
import { formatNumber, windowName } from "@/components/keys/key-facts";
import { Meter } from "@/components/ui/meter";
import { RelativeTime } from "@/components/ui/relative-time";

interface LimitMeterProps {
  state: Pick<LimitStateBody, "limit" | "used" | "remaining" | "reset" | "window_seconds">;
  /** The limit's window where it is left out: "Per minute". */
  label?: string;
}

/** Where one limit stands, and when it lets calls in again. */
export function LimitMeter({ state, label }: LimitMeterProps) {
  const { limit, used, remaining, reset, window_seconds: seconds } = state;
  const resetsAt = <RelativeTime time={new Date(reset * 1_000).toISOString()} />;
  const span = `Per ${windowName(seconds)}`;
  const hint =
    remaining === 0 ? (
      <span className="text-danger-ink">Used up. The next call gets in {resetsAt}.</span>
    ) : used === 0 ? (
      `${formatNumber(remaining)} left`
    ) : (
      <>
        {formatNumber(remaining)} left, full again {resetsAt}
      </>
    );
  return (
    <Meter
      label={label ?? span}
      used={used}
      limit={limit}
      unit="calls"
      hint={
        label === undefined ? (
          hint
        ) : (
          <>
            {span} · {hint}
          </>
        )
      }
    />
  );
}
