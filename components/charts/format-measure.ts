import type { Measure } from "@/components/charts/series";

const wholeNumber = new Intl.NumberFormat("en");
const shortNumber = new Intl.NumberFormat("en", { notation: "compact" });
const threeDigits = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const twoDecimals = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

export const formatCount = (count: number): string => wholeNumber.format(count);

/** A number and its unit apart, so that a large figure can write the unit smaller. */
export interface Quantity {
  number: string;
  unit: string;
}

/** `12,480`, `43.1 ms`, `1.2 MB`, `0.25%`. What was not measured is a dash. */
export function quantityOf(value: number | null, measure: Measure): Quantity {
  if (value === null) return { number: "–", unit: "" };
  if (measure === "milliseconds") return durationOf(value);
  if (measure === "bytes") return bytesOf(value);
  if (measure === "percent") return { number: twoDecimals.format(value), unit: "%" };
  return { number: wholeNumber.format(value), unit: "" };
}

export function formatMeasure(value: number | null, measure: Measure): string {
  const { number, unit } = quantityOf(value, measure);
  if (unit === "") return number;
  return unit === "%" ? `${number}%` : `${number} ${unit}`;
}

/** As short as an axis needs it: `12K`, `250 ms`, `1.2 MB`. */
export function formatAxis(value: number, measure: Measure): string {
  return measure === "count" ? shortNumber.format(value) : formatMeasure(value, measure);
}

const secondMs = 1_000;
const minuteMs = 60_000;

function durationOf(milliseconds: number): Quantity {
  if (milliseconds >= minuteMs) return { number: threeDigits.format(milliseconds / minuteMs), unit: "min" };
  if (milliseconds >= secondMs) return { number: threeDigits.format(milliseconds / secondMs), unit: "s" };
  return { number: threeDigits.format(milliseconds), unit: "ms" };
}

const byteUnits = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Decimal units, as traffic is billed and as networks are measured. */
function bytesOf(bytes: number): Quantity {
  const step = Math.min(byteUnits.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  return { number: threeDigits.format(bytes / 1_000 ** step), unit: byteUnits[step] ?? "B" };
}
