import { z } from "zod";
import { granularities, groupings } from "#lib/usage/query-fields";
import {
  count,
  countedRange,
  optionalId,
  percent,
  percentiles,
  sums,
  usagePoint,
  usageTotals,
} from "#lib/usage/shapes";

const analyticsPoint = usagePoint.extend(percentiles).meta({ id: "AnalyticsPoint" });

const grouped = {
  route_id: optionalId,
  route_path: optionalId,
  endpoint: z.string(),
  api_key_id: optionalId,
  api_key_name: optionalId,
  account_id: optionalId,
  account_name: optionalId,
  service_id: optionalId,
  service_name: optionalId,
  method: z.string(),
  status_code: z.int(),
  error_code: optionalId,
};

const analyticsGroup = z
  .object({
    key: z.string().meta({ description: "Tells groups apart, and is the same in every answer: for charts and lists." }),
    label: z.string().meta({ description: "The group in words, such as `Mobile app · 404`." }),
    ...z.object(grouped).partial().shape,
    share: percent.meta({ description: "Of all requests of the time, in percent." }),
    ...sums,
    ...percentiles,
    series: z
      .array(usagePoint)
      .nullable()
      .meta({ description: "The same timestamps as the series of all; null beyond `series_limit`." }),
  })
  .meta({
    id: "AnalyticsGroup",
    description: "Fields of what was not grouped by are absent; null where a request had none, or where it is gone.",
  });

export const analytics = z
  .object({
    ...countedRange,
    granularity: z.enum(granularities),
    timezone: z.string(),
    group_by: z.array(z.enum(groupings)),
    totals: usageTotals,
    previous: z
      .object({ ...countedRange, totals: usageTotals })
      .nullable()
      .meta({ description: "The same length of time before, with `compare=previous`." }),
    series: z.array(analyticsPoint).meta({ description: "Without a gap, oldest first." }),
    groups: z.array(analyticsGroup).meta({ description: "The largest first; empty without `group_by`." }),
    total_groups: count.meta({ description: "How many groups there are, those beyond `limit` included." }),
  })
  .meta({ id: "Analytics" });

const plainTime = z.string().meta({ description: "UTC, without its letter.", example: "2026-01-29T12:00:00" });

export const plainAnalytics = z
  .object({
    period_hours: z.int(),
    total_requests: count,
    total_errors: count,
    error_rate: percent.meta({ description: "In percent, to one decimal." }),
    average_response_time_ms: z.number().min(0),
    requests_by_partner: z.record(z.string(), count).meta({ description: "By the number of the account that called." }),
    top_endpoints: z
      .array(z.object({ path: z.string(), count }))
      .meta({ description: "The ten paths sent most often." }),
    status_distribution: z.record(z.string(), count),
  })
  .meta({ id: "PlainAnalytics" });

export const plainLog = z
  .object({
    id: z.int(),
    partner_id: z.int().nullable(),
    method: z.string(),
    path: z.string(),
    status_code: z.int(),
    response_time_ms: z.number(),
    ip_address: z.string(),
    user_agent: z.string().nullable(),
    timestamp: plainTime,
  })
  .meta({ id: "PlainLog" });
