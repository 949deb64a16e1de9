import fc from "fast-check";
import type { UsageEvent } from "#lib/usage/event";

/** A call of the management API with a key, changed as a test needs it. */
export function usageEvent(changes: Partial<UsageEvent> = {}): UsageEvent {
  return {
    occurredAtMs: Date.now(),
    tenantId: "tn_one",
    accountId: "acct_one",
    apiKeyId: "key_one",
    keyGeneration: 1,
    userId: null,
    serviceId: null,
    gatewayId: null,
    routeId: null,
    endpoint: "/api/v1/api-management/whoami",
    path: "/api/v1/api-management/whoami",
    method: "GET",
    status: 200,
    errorCode: null,
    latencyUs: 1_500,
    upstreamUs: null,
    requestBytes: 0,
    responseBytes: 120,
    credits: 0,
    ipAddress: "127.0.0.1",
    country: null,
    userAgent: "test",
    requestId: "req_one",
    apiVersion: null,
    oauthAppId: null,
    cacheStatus: null,
    target: null,
    attempts: 0,
    isManagement: true,
    trace: [100, 1],
    ...changes,
  };
}

/** Texts as the worst callers send them: separators, quotes of COPY, NUL, halves of surrogate pairs, very long ones. */
export const hostileText = fc.oneof(
  fc.string({
    unit: fc.constantFrom("\t", "\n", "\r", "\\", "\0", "N", ".", "\ud800", "\udc00", "é", "😀", "a"),
    maxLength: 40,
  }),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("\\N", "\\.", "", "x".repeat(5_000), "#12 00000000"),
);

const id = fc.option(fc.constantFrom("key_one", "key_two", "acct_one"));
const amount = fc.integer({ min: 0, max: 1_000_000 });

/** Any event a caller can cause. */
export const anyUsageEvent: fc.Arbitrary<UsageEvent> = fc.record({
  occurredAtMs: fc.integer({ min: Date.UTC(2026, 10, 19), max: Date.UTC(2026, 10, 20) }),
  tenantId: fc.constantFrom("tn_one", "tn_two"),
  accountId: id,
  apiKeyId: id,
  keyGeneration: fc.option(fc.integer({ min: 1, max: 9 })),
  userId: id,
  serviceId: id,
  gatewayId: id,
  routeId: id,
  endpoint: hostileText,
  path: hostileText,
  method: fc.constantFrom("GET", "POST"),
  status: fc.constantFrom(200, 401, 429, 503),
  errorCode: fc.option(fc.constantFrom("API_KEY_REVOKED", "RATE_LIMIT_EXCEEDED")),
  latencyUs: amount,
  upstreamUs: fc.option(amount),
  requestBytes: amount,
  responseBytes: amount,
  credits: amount,
  ipAddress: hostileText,
  country: fc.option(fc.constantFrom("DE", "KE")),
  userAgent: fc.option(hostileText),
  requestId: hostileText,
  apiVersion: fc.option(hostileText),
  oauthAppId: id,
  cacheStatus: fc.option(fc.constantFrom("HIT", "MISS")),
  target: fc.option(hostileText),
  attempts: fc.integer({ min: 0, max: 5 }),
  isManagement: fc.boolean(),
  trace: fc.array(fc.integer({ min: -5, max: 1_000_000 }), { maxLength: 20 }),
});
