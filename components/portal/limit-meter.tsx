"use client";

import type { LimitStateBody } from "#lib/rate-limits/contract";
import { formatNumber, windowName } from "@/components/keys/key-facts";
import { TimeLeft } from "@/components/portal/time-left";
import { Meter } from "@/components/ui/meter";

/** Where one limit stands, and when it lets calls in again. */
export function LimitMeter({ state }: { state: Omit<LimitStateBody, "name"> }) {
  const { limit, used, remaining, window_seconds: seconds } = state;
  return (
    <Meter
      label={`Per ${windowName(seconds)}`}
      used={used}
      limit={limit}
      unit="calls"
      hint={hintOf(state, remaining)}
    />
  );
}

function hintOf({ used, reset }: Omit<LimitStateBody, "name">, remaining: number) {
  const left = <TimeLeft untilMs={reset * 1_000} />;
  if (remaining === 0) return <span className="text-danger-ink">Used up. The next call is let in after {left}.</span>;
  if (used === 0) return `${formatNumber(remaining)} left`;
  return (
    <>
      {formatNumber(remaining)} left, full again in {left}
    </>
  );
}
