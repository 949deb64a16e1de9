const absolute = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZone: "UTC",
});

const dayAndClock = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZone: "UTC",
});

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: "UTC" });

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });

const steps = [
  { unit: "year", seconds: 31_536_000, from: 31_536_000 },
  { unit: "month", seconds: 2_592_000, from: 90 * 86_400 }, // "1 month" may be 59 days: too rough for an expiry
  { unit: "day", seconds: 86_400, from: 86_400 },
  { unit: "hour", seconds: 3_600, from: 3_600 },
  { unit: "minute", seconds: 60, from: 60 },
] as const;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });

/** "20 Nov 2026, 12:00:05 UTC". UTC on server and browser alike, so the two never disagree. */
export function formatAbsolute(time: Date): string {
  return `${absolute.format(time)} UTC`;
}

/** "20 Nov, 12:00:05", in UTC: for lists that say so once. */
export function formatLogTime(time: Date): string {
  return dayAndClock.format(time);
}

/** "12:00:05 UTC". */
export function formatClock(time: Date): string {
  return `${clock.format(time)} UTC`;
}

/** "20 Nov 2026", in UTC. */
export function formatDay(time: Date): string {
  return day.format(time);
}

/** "3 minutes ago", "in 6 days"; under a minute "just now" or "in a moment", days up to 89. Rounded towards zero. */
export function formatRelative(time: Date, nowMs: number): string {
  const seconds = Math.trunc((time.getTime() - nowMs) / 1_000);
  const step = steps.find((candidate) => Math.abs(seconds) >= candidate.from);
  if (!step) return seconds > 0 ? "in a moment" : "just now";
  return relative.format(Math.trunc(seconds / step.seconds), step.unit);
}
