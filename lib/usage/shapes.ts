import { z } from "zod";
import { granularities } from "#lib/usage/query-fields";

export const count = z.int().min(0);
export const milliseconds = z.number().min(0).nullable();
export const percent = z.number().min(0).max(100);
export const optionalId = z.string().nullable();

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
    target: z
      .string()
      .nullable()
      .meta({ description: "The upstream instance that was called; null for callers without services:read." }),
    attempts: count,
    is_management: z.boolean(),
    decisions: z.array(z.string()).meta({ description: "What was checked, in order, and how each check ended." }),
  })
  .meta({ id: "UsageRow" });

export const percentiles = { p50_latency_ms: milliseconds, p95_latency_ms: milliseconds, p99_latency_ms: milliseconds };

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
    ...percentiles,
    credits_used: count,
    request_bytes: count,
    response_bytes: count,
    bytes_transferred: count,
  })
  .meta({ id: "UsageTotals" });

export const sums = {
  requests: count,
  errors: count,
  error_rate: percent,
  avg_latency_ms: milliseconds,
  credits_used: count,
  request_bytes: count,
  response_bytes: count,
  bytes_transferred: count,
};

export const usagePoint = z.object({ timestamp: z.iso.datetime(), ...sums }).meta({ id: "UsagePoint" });

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
export const countedRange = {
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
    ...countedRange,
    totals: usageTotals,
    data: z.array(usagePoint),
  })
  .meta({ id: "KeyUsage" });

export const keyStats = usageTotals
  .extend({
    api_key_id: z.string(),
    ...countedRange,
    last_used: z.iso.datetime().nullable(),
    last_used_ip: z.string().nullable(),
    ...breakdowns,
  })
  .meta({ id: "KeyStats" });

export const stats = usageTotals
  .extend({
    ...countedRange,
    active_keys: count.meta({ description: "Keys that were used in this time." }),
    ...breakdowns,
  })
  .meta({ id: "Stats" });

export const usageDetail = usageRow
  .extend({
    api_key_name: z.string().nullable(),
    account_name: z.string().nullable(),
    gateway_name: z.string().nullable(),
    service_name: z.string().nullable(),
    route_path: z.string().nullable(),
  })
  .meta({ id: "UsageDetail" });
