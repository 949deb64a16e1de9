/** Meanings where a series has one (what failed is red), hues where it is one of several groups. */
export type SeriesTone =
  | "success"
  | "accent"
  | "warning"
  | "danger"
  | "neutral"
  | "teal"
  | "olive"
  | "amber"
  | "coral"
  | "pink";

export interface ChartSeries {
  key: string;
  /** "2xx succeeded". */
  label: string;
  tone: SeriesTone;
  /** Bars stack from the bottom in the order of the series; default. `dashed` is for what they are compared with. */
  shape?: "bar" | "line" | "dashed";
  /** Beside the label in the legend, already formatted; the sum over all buckets when absent. */
  total?: string;
}

export interface ChartBucket {
  /** Start of the bucket, ISO 8601. */
  at: string;
  /** By series key; a missing one is zero, null is not measured. */
  values: Readonly<Record<string, number | null>>;
}

/** What the numbers of a chart are. */
export type Measure = "count" | "milliseconds" | "bytes" | "percent";

/** Themed by CSS, so a change of theme repaints nothing by script. The hues are equally light: none shouts. */
export const toneFill: Record<SeriesTone, string> = {
  success: "var(--success)",
  accent: "var(--accent)",
  warning: "var(--warning)",
  danger: "var(--danger)",
  neutral: "var(--line-control)",
  teal: "light-dark(oklch(0.6 0.1 195), oklch(0.7 0.1 195))",
  olive: "light-dark(oklch(0.62 0.12 130), oklch(0.72 0.12 130))",
  amber: "light-dark(oklch(0.68 0.14 75), oklch(0.76 0.13 78))",
  coral: "light-dark(oklch(0.62 0.15 35), oklch(0.7 0.14 35))",
  pink: "light-dark(oklch(0.6 0.15 350), oklch(0.7 0.14 350))",
};

/** For groups, the largest first. One more than these is drawn as `neutral`: all others. */
export const groupTones: readonly SeriesTone[] = ["accent", "teal", "amber", "pink", "olive"];

const daySeconds = 86_400;
const monthDay = { day: "numeric", month: "short", timeZone: "UTC" } as const;
const clock = { hour: "2-digit", minute: "2-digit", timeZone: "UTC" } as const;
const axisDay = new Intl.DateTimeFormat("en-GB", monthDay);
const axisClock = new Intl.DateTimeFormat("en-GB", clock);
const fullClock = new Intl.DateTimeFormat("en-GB", { ...monthDay, ...clock });

/** On the axis: "20 Nov" for days and at midnight, "14:00" for the rest. */
export function formatTick(at: string, bucketSeconds: number): string {
  return (bucketSeconds >= daySeconds || isMidnight(at) ? axisDay : axisClock).format(new Date(at));
}

const isMidnight = (at: string) => Date.parse(at) % (daySeconds * 1_000) === 0;

const ticksMax = 6;
const daysNamedFrom = 2;

/**
 * Which buckets the axis names: over several days their beginnings, else evenly apart, counted back from the last, which is
 * now.
 */
export function ticksOf(buckets: readonly ChartBucket[], bucketSeconds: number): string[] {
  const isDays = bucketSeconds < daySeconds && buckets.length * bucketSeconds > daysNamedFrom * daySeconds;
  const named = isDays ? buckets.filter(({ at }) => isMidnight(at)) : buckets;
  const apart = Math.max(1, Math.ceil(named.length / (isDays ? ticksMax + 1 : ticksMax)));
  return named.filter((_, at) => (named.length - 1 - at) % apart === 0).map(({ at }) => at);
}

/** In the tooltip and the table: "20 Nov" or "20 Nov, 14:00 UTC". */
export function formatBucket(at: string, bucketSeconds: number): string {
  const time = new Date(at);
  return bucketSeconds >= daySeconds ? axisDay.format(time) : `${fullClock.format(time)} UTC`;
}

/** Sum of one series over all buckets. */
export function totalOf(buckets: readonly ChartBucket[], key: string): number {
  return buckets.reduce((sum, bucket) => sum + (bucket.values[key] ?? 0), 0);
}
