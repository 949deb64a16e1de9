import type { Granularity } from "#lib/usage/contract";
import {
  badField,
  bucketsOf,
  countedRange,
  floorTo,
  periods,
  requireKept,
  requirePoints,
  type TimeRange,
} from "#lib/usage/time-range";

/** The points of a chart. */
export interface Buckets {
  /** What the points are summed of: hours where days begin at the midnight of another zone than UTC. */
  period: Granularity;
  /** Where each point begins, oldest first. */
  starts: Date[];
  /** What all of them cover, and not beyond now. */
  range: TimeRange;
}

/** Cuts a time into points. Throws VALIDATION_FAILED where that is too many, or the sums for it are not kept. */
export function cutInto(granularity: Granularity, timeZone: string, asked: TimeRange, now: Date): Buckets {
  requirePoints(granularity, asked);
  if (granularity === "day" && !isUtc(timeZone)) return cutIntoDays(timeZone, asked, now);
  requireKept(granularity, asked, now);
  const range = countedRange(granularity, asked, now);
  return { period: granularity, starts: bucketsOf(granularity, range), range };
}

const isUtc = (timeZone: string) => new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone === "UTC";

/** No day is longer, whatever a zone does to its clocks. */
const longestDayMs = 26 * periods.hour.lengthMs;

function cutIntoDays(timeZone: string, asked: TimeRange, now: Date): Buckets {
  if (asked.from.getTime() < now.getTime() - periods.hour.keptMs)
    throw badField("timezone", "has days for the last 90 days only, while hours are kept: use UTC for earlier ones");
  const days = daysOf(timeZone, {
    from: new Date(asked.from.getTime() - longestDayMs),
    to: new Date(asked.to.getTime() + longestDayMs),
  });
  const starts = days.filter((day, at) => day < asked.to && (days[at + 1] ?? asked.to) > asked.from);
  const from = starts[0] ?? asked.from;
  const end = days.find((day) => day >= asked.to) ?? asked.to;
  const to = new Date(Math.max(from.getTime(), Math.min(end.getTime(), now.getTime())));
  return { period: "hour", starts: starts.filter((start) => start < to), range: { from, to } };
}

/**
 * The hours at which a date begins in a zone: its midnights, and one o'clock on the days that have none because the clocks were
 * put forward then. Read off the calendar hour by hour, so that no rule about zones is written here.
 */
function daysOf(timeZone: string, { from, to }: TimeRange): Date[] {
  const calendar = new Intl.DateTimeFormat("sv", { timeZone, dateStyle: "short", timeStyle: "short" });
  const days: Date[] = [];
  let today = "";
  for (let hour = floorTo("hour", from); hour < to; hour = new Date(hour.getTime() + periods.hour.lengthMs)) {
    const [date = "", clock = ""] = calendar.format(hour).split(" ");
    if (!clock.endsWith(":00"))
      throw badField("timezone", "is not a whole number of hours from UTC, and days are summed of hours: use UTC");
    if (date !== today && today !== "") days.push(hour);
    today = date;
  }
  return days;
}
