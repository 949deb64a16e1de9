import { isoTime } from "#lib/usage/event";

/** Unix milliseconds. */
export interface TimeBounds {
  earliestMs: number;
  latestMs: number;
}

/** Moves the times of rows that lie outside the bounds to the nearer bound. The same text when none does. */
export function clampTimes(rows: string, bounds: TimeBounds): string {
  const earliest = isoTime(bounds.earliestMs);
  const latest = isoTime(bounds.latestMs);
  let clamped = "";
  let copied = 0;
  for (let start = 0; start < rows.length; start = rows.indexOf("\n", start) + 1) {
    const time = rows.slice(start, start + earliest.length);
    if (time >= earliest && time <= latest) continue;
    clamped += rows.slice(copied, start) + (time < earliest ? earliest : latest);
    copied = start + earliest.length;
  }
  return copied === 0 ? rows : clamped + rows.slice(copied);
}
