import { AppError } from "#lib/core/errors";
import type { Granularity } from "#lib/usage/contract";

/** From one instant (inclusive) to another (exclusive). */
export interface TimeRange {
  from: Date;
  to: Date;
}

export interface SentRange {
  time_range?: "24h" | "7d" | "30d" | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const rangeMs = { "24h": dayMs, "7d": 7 * dayMs, "30d": 30 * dayMs };

/** Each kind of sum: how long one covers, and for how long it is kept (rules R24). */
export const periods: Record<Granularity, { lengthMs: number; keptMs: number }> = {
  minute: { lengthMs: minuteMs, keptMs: 2 * dayMs },
  hour: { lengthMs: hourMs, keptMs: 90 * dayMs },
  day: { lengthMs: dayMs, keptMs: 2 * 365 * dayMs },
};

const granularitiesFineFirst: readonly Granularity[] = ["minute", "hour", "day"];
const pointsByDefaultMax = 200;
const pointsMax = 3_000;

/** The range a request asks for; `fallbackMs` before its end when it names no beginning. It ends now when it names no end. */
export function rangeOf(sent: SentRange, now: Date, fallbackMs: number): TimeRange {
  const to = sent.to === undefined ? now : new Date(sent.to);
  if (sent.from !== undefined) return { from: new Date(sent.from), to };
  return { from: new Date(to.getTime() - (sent.time_range ? rangeMs[sent.time_range] : fallbackMs)), to };
}

/** The finest sums that are kept for all of a range. */
export function finestPeriod(range: TimeRange, now: Date): Granularity {
  return granularitiesFineFirst.find((period) => isKept(period, range, now)) ?? "day";
}

/** The finest sums that are kept for a range and make a readable chart of it. */
export function chartPeriod(range: TimeRange, now: Date): Granularity {
  return (
    granularitiesFineFirst.find(
      (period) => isKept(period, range, now) && pointsOf(period, range) <= pointsByDefaultMax,
    ) ?? "day"
  );
}

/** Throws VALIDATION_FAILED at `granularity` when a range has too many points of it. */
export function requirePoints(period: Granularity, range: TimeRange): void {
  if (pointsOf(period, range) <= pointsMax) return;
  const coarser = period === "day" ? "" : "a coarser one or ";
  throw badField("granularity", `gives more than ${pointsMax} points: choose ${coarser}a shorter time`);
}

/** Throws VALIDATION_FAILED at `granularity` when sums that fine are no longer kept for the beginning of a range. */
export function requireKept(period: Granularity, range: TimeRange, now: Date): void {
  const { lengthMs, keptMs } = periods[period];
  if (range.from.getTime() >= now.getTime() - keptMs - lengthMs) return;
  const coarser = period === "day" ? "" : "a coarser one or ";
  throw badField("granularity", `goes back ${keptMs / dayMs} days: choose ${coarser}a later time`);
}

/** The refusal of one query parameter for a reason its schema cannot know. */
export function badField(name: string, detail: string): AppError {
  return new AppError("VALIDATION_FAILED", "Some fields are missing or wrong.", {
    fields: [{ in: "query", pointer: `#/${name}`, detail }],
  });
}

/** The start of the period an instant lies in, UTC. */
export function floorTo(period: Granularity, instant: Date): Date {
  const { lengthMs } = periods[period];
  return new Date(Math.floor(instant.getTime() / lengthMs) * lengthMs);
}

/** The time that whole periods cover of what is asked for: widened to their bounds, and not beyond now. */
export function countedRange(period: Granularity, asked: TimeRange, now: Date): TimeRange {
  const { lengthMs } = periods[period];
  const from = floorTo(period, asked.from);
  const end = Math.ceil(asked.to.getTime() / lengthMs) * lengthMs;
  return { from, to: new Date(Math.max(from.getTime(), Math.min(end, now.getTime()))) };
}

/** A part of a range, and what it is summed of. */
export interface Piece extends TimeRange {
  period: Granularity;
}

/**
 * The fewest sums that add up to a range of whole `period`s: days where there are whole ones, hours before and after them, and
 * minutes at the ends. Pieces are adjacent, oldest first; a range that holds no coarser period is one piece.
 */
export function coverRange(period: Granularity, range: TimeRange): Piece[] {
  const coarser = granularitiesFineFirst[granularitiesFineFirst.indexOf(period) + 1];
  const whole = coarser && wholePeriods(coarser, range);
  if (!coarser || !whole) return [{ period, ...range }];
  return [
    ...(range.from < whole.from ? [{ period, from: range.from, to: whole.from }] : []),
    ...coverRange(coarser, whole),
    ...(whole.to < range.to ? [{ period, from: whole.to, to: range.to }] : []),
  ];
}

/** Those periods that lie in a range as a whole, if any does. */
function wholePeriods(period: Granularity, { from, to }: TimeRange): TimeRange | undefined {
  const { lengthMs } = periods[period];
  const whole = { from: new Date(Math.ceil(from.getTime() / lengthMs) * lengthMs), to: floorTo(period, to) };
  return whole.from < whole.to ? whole : undefined;
}

/** The starts of all periods of a range, oldest first. */
export function bucketsOf(period: Granularity, range: TimeRange): Date[] {
  const { lengthMs } = periods[period];
  const first = floorTo(period, range.from).getTime();
  return Array.from({ length: pointsOf(period, range) }, (_, index) => new Date(first + index * lengthMs));
}

function pointsOf(period: Granularity, range: TimeRange): number {
  return Math.max(
    0,
    Math.ceil((range.to.getTime() - floorTo(period, range.from).getTime()) / periods[period].lengthMs),
  );
}

function isKept(period: Granularity, range: TimeRange, now: Date): boolean {
  return range.from.getTime() >= now.getTime() - periods[period].keptMs;
}
