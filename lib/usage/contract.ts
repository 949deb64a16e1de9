import { z } from "zod";
import { endpoint } from "#lib/core/endpoint";
import { pageOf, pageQuery } from "#lib/core/pagination";
import { idText, line } from "#lib/core/text";
import * as analyticsShapes from "#lib/usage/analytics-shapes";
import * as fields from "#lib/usage/query-fields";
import * as shapes from "#lib/usage/shapes";

const prefix = "/api/v1/api-management";
const tag = "Usage";
const { credential, filters, format, forward, isForward, isOneRange, listOf, management } = fields;
const { oneRange, rangeQuery, requestId, timeZone, trafficFilters } = fields;

export const { granularities, groupings, timeRanges } = fields;

export type UsageRow = z.output<typeof shapes.usageRow>;
export type UsageDetail = z.output<typeof shapes.usageDetail>;
export type UsageTotals = z.output<typeof shapes.usageTotals>;
export type UsagePoint = z.output<typeof shapes.usagePoint>;
export type KeyUsage = z.output<typeof shapes.keyUsage>;
export type KeyStats = z.output<typeof shapes.keyStats>;
export type Stats = z.output<typeof shapes.stats>;
export type Analytics = z.output<typeof analyticsShapes.analytics>;
export type AnalyticsPoint = Analytics["series"][number];
export type AnalyticsGroup = Analytics["groups"][number];
export type PlainAnalytics = z.output<typeof analyticsShapes.plainAnalytics>;
export type PlainLog = z.output<typeof analyticsShapes.plainLog>;
export type Granularity = (typeof granularities)[number];
export type Grouping = (typeof groupings)[number];
export type Management = z.output<typeof management>;

const keyParams = z.strictObject({ key_id: idText });
const rowsQuery = z
  .strictObject({
    ...pageQuery,
    ...filters,
    ...trafficFilters,
    gateway_id: idText.optional(),
    request_id: requestId.optional(),
    path: line(2048).optional().meta({ description: "Requests whose path begins with this." }),
    management: management.default("include"),
    credential: credential.default("any"),
    ...rangeQuery,
    format,
  })
  .refine(isOneRange, oneRange)
  .refine(isForward, forward);

const csvOfRows =
  "With `format=csv` up to 10,000 rows whatever the limit (`X-Row-Limit`), the next ones behind the `Link` header's cursor.";

export const listUsage = endpoint({
  operationId: "listUsage",
  method: "GET",
  path: `${prefix}/usage`,
  tag,
  summary: "List requests, newest first",
  description: `One entry per request that reached us, refused ones too. Kept for 90 days. ${csvOfRows}`,
  permission: "usage:read",
  query: rowsQuery,
  success: { status: 200, schema: pageOf(shapes.usageRow) },
  alsoCsv: true,
});

export const listUsageLogs = endpoint({
  operationId: "listUsageLogs",
  method: "GET",
  path: `${prefix}/usage-logs`,
  tag,
  summary: "List requests, newest first",
  description: `The same as \`/usage\`. ${csvOfRows}`,
  permission: "usage:read",
  query: rowsQuery,
  success: { status: 200, schema: pageOf(shapes.usageRow) },
  alsoCsv: true,
});

export const getRequest = endpoint({
  operationId: "getRequest",
  method: "GET",
  path: `${prefix}/requests/{request_id}`,
  tag,
  summary: "Explain a request",
  description:
    "What was decided about it, check by check, by the `X-Request-Id` of its answer. When one id was sent several times, the newest.",
  permission: "usage:read",
  params: z.strictObject({ request_id: requestId }),
  success: { status: 200, schema: shapes.usageDetail },
  errors: ["NOT_FOUND"],
});

export const getAnalytics = endpoint({
  operationId: "getAnalytics",
  method: "GET",
  path: `${prefix}/analytics`,
  tag,
  summary: "Requests over time, in total and by group",
  description:
    "Of the last 24 hours unless another time is asked for. Minutes are kept for 48 hours, hours for 90 days, days for 2 years. " +
    "Days of another `timezone` than UTC are summed of hours: for 90 days back, and for zones a whole number of hours from UTC. " +
    "`user`, `version` and `country` are known of each request (`/usage-logs`) but not summed yet: grouping by them is refused. " +
    "With `format=csv` one line per group, or per point when nothing is grouped by.",
  permission: "usage:read",
  query: z
    .strictObject({
      ...rangeQuery,
      granularity: z
        .enum(granularities)
        .optional()
        .meta({ description: "The finest that gives at most 200 points, when absent." }),
      timezone: timeZone.default("UTC").meta({ description: "IANA name: whose midnight days begin at." }),
      group_by: listOf(z.enum(groupings), 3).default([]).meta({ description: "Up to three, repeated or with commas." }),
      api_key_id: listOf(idText, 200)
        .optional()
        .meta({ description: "One or up to 200 keys, repeated or with commas." }),
      account_id: filters.account_id,
      gateway_id: idText.optional().meta({ description: "Of the routes this gateway has now." }),
      ...trafficFilters,
      management: management.default("exclude"),
      credential: credential.default("any"),
      compare: z
        .literal("previous")
        .optional()
        .meta({ description: "Adds the totals of the same length of time before." }),
      limit: z.coerce
        .number()
        .int()
        .min(1)
        .max(200)
        .default(50)
        .meta({ description: "How many groups at most, the largest, 1 to 200." }),
      series_limit: z.coerce
        .number()
        .int()
        .min(0)
        .max(200)
        .optional()
        .meta({ description: "How many groups have their own series: 10, or fewer when the series are long." }),
      format,
    })
    .refine(isOneRange, oneRange)
    .refine(isForward, forward),
  success: { status: 200, schema: analyticsShapes.analytics },
  alsoCsv: true,
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
  success: { status: 200, schema: shapes.keyUsage },
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
  success: { status: 200, schema: shapes.keyStats },
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
  success: { status: 200, schema: shapes.stats },
});

// S4's own paths and shapes (rules R4): the tenant's gateway traffic, accounts by their numbers.

const plain = { tag: "Partner gateway", errorFormat: "partner" } as const;

export const getPlainAnalytics = endpoint({
  operationId: "getPlainAnalytics",
  method: "GET",
  path: "/admin/analytics",
  ...plain,
  summary: "Totals of the gateway's traffic",
  description: "For administrators of the tenant. Calls of the management API are not counted.",
  permission: "usage:read",
  query: z.strictObject({ hours: z.coerce.number().int().min(1).max(720).default(24) }),
  success: { status: 200, schema: analyticsShapes.plainAnalytics },
});

export const listPlainLogs = endpoint({
  operationId: "listPlainLogs",
  method: "GET",
  path: "/admin/logs",
  ...plain,
  summary: "The gateway's latest requests as a bare array, newest first",
  description: "For administrators of the tenant. Calls of the management API are not listed.",
  permission: "usage:read",
  query: z.strictObject({ limit: z.coerce.number().int().min(1).max(1_000).default(100) }),
  success: { status: 200, schema: z.array(analyticsShapes.plainLog) },
});
