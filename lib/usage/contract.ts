import { z } from "zod";
import { endpoint } from "#lib/core/endpoint";
import { pageOf, pageQuery } from "#lib/core/pagination";
import { idText, instant, line } from "#lib/core/text";

const prefix = "/api/v1/api-management";
const tag = "Usage";

export const granularities = ["minute", "hour", "day"] as const;
export const timeRanges = ["24h", "7d", "30d"] as const;

const rangeQuery = {
  time_range: z.enum(timeRanges).optional().meta({ description: "Until now. Instead of `from` and `to`." }),
  from: instant.optional().meta({ description: "From this instant on." }),
  to: instant.optional().meta({ description: "Up to this instant, exclusive; now when absent." }),
};

interface SentRange {
  time_range?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

const isOneRange = ({ time_range, from, to }: SentRange) =>
  time_range === undefined || (from === undefined && to === undefined);
const oneRange = { path: ["time_range"], error: "goes without from and to" };
const isForward = ({ from, to }: SentRange) =>
  from === undefined || to === undefined || Date.parse(from) < Date.parse(to);
const forward = { path: ["to"], error: "must be later than from" };

const management = z
  .enum(["include", "exclude", "only"])
  .meta({ description: "Calls of the management API itself, which are not part of an account's traffic." });

const credential = z
  .enum(["any", "api_key"])
  .meta({ description: "`api_key` leaves out the calls of people signed in." });

const filters = {
  api_key_id: idText.optional(),
  account_id: idText.optional(),
};

const count = z.int().min(0);
const milliseconds = z.number().min(0).nullable();
const percent = z.number().min(0).max(100);
const optionalId = z.string().nullable();

export const usageRow = z
  .object({
    request_id: z.string(),
    timestamp: z.iso.datetime(),
    api_key_id: optionalId,
    key_generation: z
      .int()
      .nullable()
      .meta({ description: "Which of the key's secrets was used; it grows with each rotation." }),
    account_id: optionalId,
    customer_id: optionalId.meta({ description: "The same as account_id." }),
    user_id: optionalId,
    gateway_id: optionalId,
    service_id: optionalId,
    route_id: optionalId,
    oauth_app_id: optionalId,
    endpoint: z
      .string()
      .meta({ description: "The path of the operation or route, with its parameters' names; `*` when none matched." }),
    path: z.string(),
    method: z.string(),
    status_code: z.int(),
    error_code: z.string().nullable(),
    response_time: z.number().meta({ description: "Seconds." }),
    response_time_ms: z.number(),
    upstream_time_ms: z.number().nullable(),
    request_bytes: count,
    response_bytes: count,
    credits_used: count,
    ip_address: z.string(),
    country: z.string().nullable(),
    user_agent: z.string().nullable(),
    api_version: z.string().nullable(),
    cache_status: z.string().nullable(),
    target: z.string().nullable(),
    attempts: count,
    is_management: z.boolean(),
    decisions: z.array(z.string()).meta({ description: "What was checked, in order, and how each check ended." }),
  })
  .meta({ id: "UsageRow" });

export const usageTotals = z
  .object({
    total_requests: count,
    successful_requests: count,
    failed_requests: count.meta({ description: "Answered with 400 or above." }),
    error_rate: percent.meta({ description: "Failed of all, in percent." }),
    management_requests: count.meta({
      description: "Calls of the management API; whether they are part of the totals is `management`.",
    }),
    avg_latency_ms: milliseconds,
    avg_response_time: z.number().min(0).nullable().meta({ description: "Seconds." }),
    p50_latency_ms: milliseconds,
    p95_latency_ms: milliseconds,
    p99_latency_ms: milliseconds,
    credits_used: count,
    request_bytes: count,
    response_bytes: count,
    bytes_transferred: count,
  })
  .meta({ id: "UsageTotals" });

const point = z
  .object({
    timestamp: z.iso.datetime(),
    requests: count,
    errors: count,
    error_rate: percent,
    avg_latency_ms: milliseconds,
    credits_used: count,
    request_bytes: count,
    response_bytes: count,
    bytes_transferred: count,
  })
  .meta({ id: "UsagePoint" });

const statusCount = z.object({ status_code: z.int(), requests: count });
const endpointSum = z.object({
  endpoint: z.string(),
  method: z.string(),
  requests: count,
  errors: count,
  error_rate: percent,
  avg_latency_ms: milliseconds,
});
const day = z.object({ date: z.iso.date(), requests: count, errors: count });
const range = {
  from: z.iso.datetime().meta({ description: "What was counted: whole minutes, hours or days from here on." }),
  to: z.iso.datetime().meta({ description: "Exclusive: the end of the last of them, or now while it is not over." }),
};
const breakdowns = {
  by_status: z.array(statusCount),
  top_endpoints: z.array(endpointSum).meta({ description: "The ten with the most requests." }),
  daily: z.array(day).meta({ description: "The last 30 days in UTC, oldest first, days without calls included." }),
};

export const keyUsage = z
  .object({
    api_key_id: z.string(),
    granularity: z.enum(granularities),
    ...range,
    totals: usageTotals,
    data: z.array(point),
  })
  .meta({ id: "KeyUsage" });

export const keyStats = usageTotals
  .extend({
    api_key_id: z.string(),
    ...range,
    last_used: z.iso.datetime().nullable(),
    last_used_ip: z.string().nullable(),
    ...breakdowns,
  })
  .meta({ id: "KeyStats" });

export const stats = usageTotals
  .extend({ ...range, active_keys: count.meta({ description: "Keys that were used in this time." }), ...breakdowns })
  .meta({ id: "Stats" });

export type UsageRow = z.output<typeof usageRow>;
export type UsageTotals = z.output<typeof usageTotals>;
export type UsagePoint = z.output<typeof point>;
export type KeyUsage = z.output<typeof keyUsage>;
export type KeyStats = z.output<typeof keyStats>;
export type Stats = z.output<typeof stats>;
export type Granularity = (typeof granularities)[number];
export type Management = z.output<typeof management>;

const keyParams = z.strictObject({ key_id: idText });

export const listUsage = endpoint({
  operationId: "listUsage",
  method: "GET",
  path: `${prefix}/usage`,
  tag,
  summary: "List requests, newest first",
  description: "One entry per request that reached us, refused ones too. Kept for 90 days.",
  permission: "usage:read",
  query: z
    .strictObject({
      ...pageQuery,
      ...filters,
      endpoint: line(256).optional(),
      method: z.enum(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]).optional(),
      status_code: z
        .string()
        .regex(/^[1-5](\d\d|xx)$/, "must be a status such as 404, or a class such as 4xx")
        .optional(),
      management: management.default("include"),
      credential: credential.default("any"),
      ...rangeQuery,
    })
    .refine(isOneRange, oneRange)
    .refine(isForward, forward),
  success: { status: 200, schema: pageOf(usageRow) },
});

export const getKeyUsage = endpoint({
  operationId: "getKeyUsage",
  method: "GET",
  path: `${prefix}/keys/{key_id}/usage`,
  tag,
  summary: "A key's requests over time",
  description:
    "Points without a gap from `from` to `to`. Minutes are kept for 48 hours, hours for 90 days, days for 2 years.",
  permission: "usage:read",
  params: keyParams,
  query: z
    .strictObject({
      granularity: z
        .enum(granularities)
        .optional()
        .meta({ description: "The finest that gives at most 200 points, when absent." }),
      management: management.default("include"),
      ...rangeQuery,
    })
    .refine(isOneRange, oneRange)
    .refine(isForward, forward),
  success: { status: 200, schema: keyUsage },
  errors: ["NOT_FOUND"],
});

export const getKeyStats = endpoint({
  operationId: "getKeyStats",
  method: "GET",
  path: `${prefix}/keys/{key_id}/stats`,
  tag,
  summary: "A key's totals",
  description: "Over the time asked for; over everything that is kept (2 years) when none is.",
  permission: "usage:read",
  params: keyParams,
  query: z
    .strictObject({ management: management.default("include"), ...rangeQuery })
    .refine(isOneRange, oneRange)
    .refine(isForward, forward),
  success: { status: 200, schema: keyStats },
  errors: ["NOT_FOUND"],
});

export const getStats = endpoint({
  operationId: "getStats",
  method: "GET",
  path: `${prefix}/stats`,
  tag,
  summary: "Totals of everything the caller may see",
  description: "Over the last 30 days unless another time is asked for.",
  permission: "usage:read",
  query: z
    .strictObject({
      ...filters,
      management: management.default("exclude"),
      credential: credential.default("any"),
      ...rangeQuery,
    })
    .refine(isOneRange, oneRange)
    .refine(isForward, forward),
  success: { status: 200, schema: stats },
});
