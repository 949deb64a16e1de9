import type { Actor } from "#lib/core/actor";
import type { AnalyticsPoint, UsagePoint, UsageRow, UsageTotals } from "#lib/usage/contract";
import { explainDecisions } from "#lib/usage/explain-decision";
import { emptyLatencyHistogram, latencyPercentile, mergeLatencies } from "#lib/usage/latency-histogram";
import type { UsageEventRow } from "#lib/usage/repository";
import type { MeasuredSum, UsageSumRow } from "#lib/usage/sums-repository";

/** A request as somebody sees it: the address behind the gateway is for those who may see services. */
export function serializeEvent(row: UsageEventRow, { permissions }: Pick<Actor, "permissions">): UsageRow {
  const {
    request_id,
    api_key_id,
    key_generation,
    account_id,
    user_id,
    gateway_id,
    service_id,
    route_id,
    oauth_app_id,
  } = row;
  const { endpoint, path, method, error_code, ip_address, country, user_agent, api_version, cache_status, attempts } =
    row;
  const target = permissions.has("services:read") ? row.target : null;
  return {
    request_id,
    timestamp: row.occurred_at.toISOString(),
    ...{
      api_key_id,
      key_generation,
      account_id,
      customer_id: account_id,
      user_id,
      gateway_id,
      service_id,
      route_id,
      oauth_app_id,
    },
    ...{ endpoint, path, method, status_code: row.status, error_code },
    response_time: row.latency_us / 1_000_000,
    response_time_ms: row.latency_us / 1_000,
    upstream_time_ms: row.upstream_us === null ? null : row.upstream_us / 1_000,
    request_bytes: Number(row.request_bytes),
    response_bytes: Number(row.response_bytes),
    credits_used: Number(row.credits),
    ...{ ip_address, country, user_agent, api_version, cache_status, target, attempts },
    is_management: row.is_management,
    decisions: explainDecisions(row.trace),
  };
}

/** Sums as totals. What was only counted has no latency and does not lower the average. */
export function serializeTotals(
  sum: UsageSumRow,
  managementRequests: number,
  latencies: readonly number[],
): UsageTotals {
  const averageMs = averageLatencyMs(sum);
  return {
    total_requests: sum.requests,
    successful_requests: sum.requests - sum.errors,
    failed_requests: sum.errors,
    error_rate: errorRate(sum),
    management_requests: managementRequests,
    avg_latency_ms: averageMs,
    avg_response_time: averageMs === null ? null : round(averageMs / 1_000, 6),
    p50_latency_ms: percentileMs(latencies, 50),
    p95_latency_ms: percentileMs(latencies, 95),
    p99_latency_ms: percentileMs(latencies, 99),
    credits_used: sum.credits,
    ...bytesOf(sum),
  };
}

/** Sums as one point of a series. */
export function serializePoint(timestamp: Date, sum: UsageSumRow): UsagePoint {
  return {
    timestamp: timestamp.toISOString(),
    requests: sum.requests,
    errors: sum.errors,
    error_rate: errorRate(sum),
    avg_latency_ms: averageLatencyMs(sum),
    credits_used: sum.credits,
    ...bytesOf(sum),
  };
}

/** Sums as one point of a series, with percentiles; a point without requests has none. */
export function serializeMeasuredPoint(timestamp: Date, sum: MeasuredSum | undefined): AnalyticsPoint {
  const latencies = sum?.latencies ?? [];
  return {
    ...serializePoint(timestamp, sum ?? noUsage),
    p50_latency_ms: percentileMs(latencies, 50),
    p95_latency_ms: percentileMs(latencies, 95),
    p99_latency_ms: percentileMs(latencies, 99),
  };
}

/** Some sums as one. */
export function addUp(sums: readonly MeasuredSum[]): MeasuredSum {
  const total = { ...noUsage, latencies: emptyLatencyHistogram() };
  for (const sum of sums) {
    for (const name of Object.keys(noUsage) as (keyof UsageSumRow)[]) total[name] += sum[name];
    mergeLatencies(total.latencies, sum.latencies);
  }
  return total;
}

/** Of all, in percent, to two decimals. */
export function shareOf(requests: number, all: number): number {
  return all === 0 ? 0 : round((requests / all) * 100, 2);
}

/** The sum of no requests. */
export const noUsage: UsageSumRow = {
  requests: 0,
  unrecorded: 0,
  errors: 0,
  management: 0,
  credits: 0,
  requestBytes: 0,
  responseBytes: 0,
  latencyUs: 0,
};

/** Failed of all, in percent, to two decimals. */
export function errorRate({ requests, errors }: Pick<UsageSumRow, "requests" | "errors">): number {
  return shareOf(errors, requests);
}

/** Milliseconds, to the microsecond; null without a measured request. */
export function averageLatencyMs({
  requests,
  unrecorded,
  latencyUs,
}: Pick<UsageSumRow, "requests" | "unrecorded" | "latencyUs">): number | null {
  const measured = requests - unrecorded;
  return measured === 0 ? null : round(latencyUs / measured / 1_000, 3);
}

function percentileMs(latencies: readonly number[], percent: number): number | null {
  const microseconds = latencyPercentile(latencies, percent);
  return microseconds === null ? null : microseconds / 1_000;
}

function bytesOf({ requestBytes, responseBytes }: UsageSumRow) {
  return {
    request_bytes: requestBytes,
    response_bytes: responseBytes,
    bytes_transferred: requestBytes + responseBytes,
  };
}

function round(value: number, decimals: number): number {
  return Math.round(value * 10 ** decimals) / 10 ** decimals;
}
