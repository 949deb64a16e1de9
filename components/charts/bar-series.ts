export type SeriesTone = "success" | "accent" | "warning" | "danger" | "neutral";

export interface BarSeries {
  key: string;
  /** "2xx succeeded". */
  label: string;
  tone: SeriesTone;
}

export interface BarBucket {
  /** Start of the bucket, ISO 8601. */
  at: string;
  /** By series key; a missing one is zero. */
  values: Readonly<Record<string, number>>;
}

/** Themed by CSS variables, so a change of theme repaints nothing by script. */
export const toneFill: Record<SeriesTone, string> = {
  success: "var(--success)",
  accent: "var(--accent)",
  warning: "var(--warning)",
  danger: "var(--danger)",
  neutral: "var(--line-control)",
};

const daySeconds = 86_400;
const monthDay = { day: "numeric", month: "short", timeZone: "UTC" } as const;
const clock = { hour: "2-digit", minute: "2-digit", timeZone: "UTC" } as const;
const axisDay = new Intl.DateTimeFormat("en-GB", monthDay);
const axisClock = new Intl.DateTimeFormat("en-GB", clock);
const fullClock = new Intl.DateTimeFormat("en-GB", { ...monthDay, ...clock });
const wholeNumber = new Intl.NumberFormat("en");
const shortNumber = new Intl.NumberFormat("en", { notation: "compact" });

export const formatCount = (count: number) => wholeNumber.format(count);
export const formatAxisCount = (count: number) => shortNumber.format(count);

/** On the axis: "20 Nov" for days, "14:00" for less. */
export function formatTick(at: string, bucketSeconds: number): string {
  return (bucketSeconds >= daySeconds ? axisDay : axisClock).format(new Date(at));
}

const ticksMax = 6;

/** Which buckets the axis names: evenly apart, counted back from the last, which is now. */
export function ticksOf(buckets: readonly BarBucket[]): string[] {
  const apart = Math.max(1, Math.ceil(buckets.length / ticksMax));
  return buckets.filter((_, at) => (buckets.length - 1 - at) % apart === 0).map(({ at }) => at);
}

/** In the tooltip and the table: "20 Nov" or "20 Nov, 14:00 UTC". */
export function formatBucket(at: string, bucketSeconds: number): string {
  const time = new Date(at);
  return bucketSeconds >= daySeconds ? axisDay.format(time) : `${fullClock.format(time)} UTC`;
}

/** Sum of one series over all buckets. */
export function totalOf(buckets: readonly BarBucket[], key: string): number {
  return buckets.reduce((sum, bucket) => sum + (bucket.values[key] ?? 0), 0);
}
