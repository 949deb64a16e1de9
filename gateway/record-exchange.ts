import type { Exchange } from "#gateway/exchange";
import type { CallOutcome } from "#gateway/gateway-metrics";
import type { Outcome } from "#gateway/upstream/forward";
import type { ErrorCode } from "#lib/core/errors";
import { runtime } from "#lib/platform/runtime";
import type { UsageEvent } from "#lib/usage/event";

/** How an exchange ended. */
export interface Ending {
  readonly status: number;
  readonly outcome: CallOutcome;
  readonly errorCode: ErrorCode | null;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Null when nothing was sent upstream. */
  readonly upstream: Pick<Outcome, "attempts" | "target" | "upstreamUs"> | null;
}

/**
 * Takes the exchange down in the usage spool, once, and resolves when kill -9 can no longer lose it: then the answer may end. What we
 * answer ourselves to callers nobody knows is sampled and counted, for no limit of theirs bounds it.
 */
export function recordExchange(exchange: Exchange, ending: Ending): Promise<unknown> {
  if (exchange.isRecorded) return Promise.resolve();
  exchange.isRecorded = true;
  const { usage, gatewayMetrics } = runtime();
  const event = eventOf(exchange, ending);
  gatewayMetrics.observe(exchange.route.metricsSlot, ending.outcome, event.status, event.latencyUs, event.upstreamUs);
  if (ending.errorCode !== null) gatewayMetrics.refuse(ending.errorCode);
  return event.apiKeyId === null && ending.upstream === null ? usage.countRefusal(event) : usage.record(event);
}

function eventOf(exchange: Exchange, { status, errorCode, requestBytes, responseBytes, upstream }: Ending): UsageEvent {
  const { admission, key, route } = exchange;
  return {
    occurredAtMs: exchange.occurredAtMs,
    tenantId: route.tenantId,
    accountId: key?.accountId ?? null,
    apiKeyId: key?.id ?? null,
    keyGeneration: key?.generation ?? null,
    userId: key?.triedBy?.userId ?? null,
    serviceId: route.serviceId,
    gatewayId: route.gatewayId,
    routeId: route.id,
    endpoint: route.path,
    path: admission.path,
    method: exchange.method,
    status,
    errorCode,
    latencyUs: (performance.now() - exchange.startedAtMs) * 1000,
    upstreamUs: upstream?.upstreamUs ?? null,
    requestBytes,
    responseBytes,
    credits: 0,
    ipAddress: key?.triedBy?.ipAddress ?? admission.origin.address,
    country: null,
    userAgent: admission.head.userAgent ?? null,
    requestId: admission.requestId,
    apiVersion: null,
    oauthAppId: null,
    cacheStatus: null,
    target: upstream?.target ?? null,
    attempts: upstream?.attempts ?? 0,
    isManagement: false,
    trace: exchange.trace,
  };
}
