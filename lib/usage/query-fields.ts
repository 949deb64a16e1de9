import { z } from "zod";
import { idText, instant, line } from "#lib/core/text";

export const granularities = ["minute", "hour", "day"] as const;
export const timeRanges = ["24h", "7d", "30d"] as const;

export const rangeQuery = {
  time_range: z.enum(timeRanges).optional().meta({ description: "Until now. Instead of `from` and `to`." }),
  from: instant.optional().meta({ description: "From this instant on." }),
  to: instant.optional().meta({ description: "Up to this instant, exclusive; now when absent." }),
};

interface AskedRange {
  time_range?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export const isOneRange = ({ time_range, from, to }: AskedRange) =>
  time_range === undefined || (from === undefined && to === undefined);
export const oneRange = { path: ["time_range"], error: "goes without from and to" };
export const isForward = ({ from, to }: AskedRange) =>
  from === undefined || to === undefined || Date.parse(from) < Date.parse(to);
export const forward = { path: ["to"], error: "must be later than from" };

export const management = z
  .enum(["include", "exclude", "only"])
  .meta({ description: "Calls of the management API itself, which are not part of an account's traffic." });

export const credential = z
  .enum(["any", "api_key"])
  .meta({ description: "`api_key` leaves out the calls of people signed in." });

export const methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"] as const;

export const statusOrClass = z
  .string()
  .regex(/^[1-5](\d\d|xx)$/, "must be a status such as 404, or a class such as 4xx");

/** `json` unless a spreadsheet is to read it. */
export const format = z.enum(["json", "csv"]).default("json");

/** What requests can be grouped by. The sums do not hold the last three (yet). */
export const groupings = [
  "route",
  "endpoint",
  "api_key",
  "account",
  "service",
  "method",
  "status_code",
  "error_code",
  "user",
  "version",
  "country",
] as const;

export const filters = {
  api_key_id: idText.optional(),
  account_id: idText.optional(),
};

/** What is known both of a request and of the sums. */
export const trafficFilters = {
  service_id: idText.optional(),
  route_id: idText.optional(),
  endpoint: line(256).optional(),
  method: z.enum(methods).optional(),
  status_code: statusOrClass.optional(),
  error_code: z
    .string()
    .regex(/^[A-Z_]{1,64}$/, "is not an error code")
    .optional(),
};

export const requestId = z.string().regex(/^[\x21-\x7e]{1,128}$/, "is not a request id");

/** An IANA name. */
export const timeZone = z.string().max(64).refine(isTimeZone, "is not a time zone such as Europe/Berlin");

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return /^[A-Z]/i.test(name); // not a mere offset, which Intl takes too
  } catch {
    return false;
  }
}

/** A parameter sent several times, or once with commas between its values. */
export const listOf = <T extends z.ZodType<string, string>>(item: T, max: number) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((sent) => [sent].flat().flatMap((text) => text.split(",")))
    .pipe(
      z
        .array(item)
        .max(max, `takes ${max} values at most`)
        .refine((items) => new Set(items).size === items.length, "must not name a value twice"),
    );
