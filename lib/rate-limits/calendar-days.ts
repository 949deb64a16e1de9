/** Three consecutive edges of local days, in epoch milliseconds: the latest one passed and the next two. */
export type DayEdges = readonly [startMs: number, endMs: number, nextEndMs: number];

/** Day edges are read for each request of an aligned limit and change once a day: a store keeps one of these. */
export class CalendarDays {
  readonly #known = new Map<string, DayEdges>();

  edges(nowMs: number, alignedTo: string, timezone: string): DayEdges {
    const name = `${alignedTo} ${timezone}`;
    const known = this.#known.get(name);
    if (known && nowMs >= known[0] && nowMs < known[1]) return known;
    const edges = dayEdges(nowMs, alignedTo, timezone);
    this.#known.set(name, edges); // bounded: minutes of a day × zones of the database
    return edges;
  }
}

/** The local days around an instant that begin at `alignedTo` ("HH:MM"). Days of a clock change last 23 or 25 hours. */
export function dayEdges(nowMs: number, alignedTo: string, timezone: string): DayEdges {
  const local = new Date(nowMs + offsetMs(nowMs, timezone));
  const minutes = Number(alignedTo.slice(0, 2)) * 60 + Number(alignedTo.slice(3));
  const edge = (days: number) => {
    const date = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate() + days);
    return instantOfLocal(date + minutes * 60_000, timezone);
  };
  const today = edge(0);
  return nowMs >= today ? [today, edge(1), edge(2)] : [edge(-1), today, edge(1)];
}

/** When clocks of the zone show `localMs` (a wall-clock time written as if it were UTC). */
function instantOfLocal(localMs: number, timezone: string): number {
  const nearly = localMs - offsetMs(localMs, timezone);
  return localMs - offsetMs(nearly, timezone);
}

/** How far the zone's clocks are ahead of UTC at an instant. */
function offsetMs(instantMs: number, timezone: string): number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const parts = new Map(format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  const date = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return date - Math.floor(instantMs / 1000) * 1000;
}
