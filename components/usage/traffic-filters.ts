import { parseAsBoolean, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { timeRanges } from "#lib/usage/contract";

/** 2xx to 5xx, as they are filtered by. */
export const statusClasses = ["2xx", "3xx", "4xx", "5xx"] as const;

/** Which traffic is looked at: what Usage and Logs have in common, so that one leads to the other with the same choice. */
export const trafficParsers = {
  range: parseAsStringLiteral(timeRanges).withDefault("24h"),
  from: parseAsString,
  to: parseAsString,
  key: parseAsString,
  account: parseAsString,
  service: parseAsString,
  status: parseAsString,
  /** Calls of the management API with a key, which are not part of the gateway's traffic. */
  management: parseAsBoolean.withDefault(false),
};

export interface TrafficFilters {
  range: (typeof timeRanges)[number];
  /** ISO 8601. With either of these, `range` does not count. */
  from: string | null;
  to: string | null;
  key: string | null;
  account: string | null;
  service: string | null;
  status: string | null;
  management: boolean;
}

export const noTrafficFilters = { key: null, account: null, service: null, status: null } as const;

export const isCustomRange = ({ from, to }: Pick<TrafficFilters, "from" | "to">): boolean =>
  from !== null || to !== null;

/**
 * The parameters of the API that these filters mean. With the management API, only calls made with keys: the portal's own would
 * grow by being looked at.
 */
export function trafficQueryOf(filters: TrafficFilters) {
  const { range, from, to, key, account, service, status, management } = filters;
  return {
    ...(isCustomRange(filters) ? { from: from ?? undefined, to: to ?? undefined } : { time_range: range }),
    api_key_id: key ?? undefined,
    account_id: account ?? undefined,
    service_id: service ?? undefined,
    status_code: status ?? undefined,
    ...(management
      ? ({ management: "include", credential: "api_key" } as const)
      : ({ management: "exclude", credential: "any" } as const)),
  };
}

const rangeWords = { "24h": "24 hours", "7d": "7 days", "30d": "30 days" } as const;

/** "the last 24 hours", "the chosen time". */
export function rangeText(filters: TrafficFilters): string {
  return isCustomRange(filters) ? "the chosen time" : `the last ${rangeWords[filters.range]}`;
}

const minuteLength = "2026-11-20T12:00".length;

/** An instant as a `datetime-local` control writes it, in UTC: what the portal shows everywhere. */
export function toControlTime(instant: string | null): string {
  const at = instant === null ? Number.NaN : Date.parse(instant);
  return Number.isNaN(at) ? "" : new Date(at).toISOString().slice(0, minuteLength);
}

/** What such a control holds, as an instant; null while it holds none. */
export function ofControlTime(text: string): string | null {
  const at = Date.parse(`${text}:00Z`);
  return text.length !== minuteLength || Number.isNaN(at) ? null : new Date(at).toISOString();
}
