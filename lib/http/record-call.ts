import type { Endpoint } from "#lib/core/endpoint";
import type { Authenticated } from "#lib/http/authenticate";
import type { Origin } from "#lib/http/request-origin";
import { refusedKey, type VerifiedKey } from "#lib/keys/verify-api-key";
import { runtime } from "#lib/platform/runtime";
import { type UsageEvent, unknownTenant, unmatchedEndpoint } from "#lib/usage/event";

/** Filled in as a request makes itself known, so that its record is right however it ends. */
export interface Caller {
  authenticated: Authenticated | null;
  /** Of the body, as received: what Content-Length says is a claim. */
  requestBytes: number;
}

/** A finished call of the management API. */
export interface FinishedCall {
  endpoint: Endpoint | undefined;
  origin: Origin;
  caller: Caller;
  request: Request;
  status: number;
  body: string | null;
  errorCode: string | null;
  /** What was thrown, when the call was refused: it may name the key it was about. */
  error?: unknown;
  trace: readonly number[];
}

/**
 * Takes the call down in the usage spool and resolves when kill -9 can no longer lose it: await it, then answer. The middleware
 * records what it refuses, `handle` everything it answers: exactly one of them.
 */
export async function recordCall(call: FinishedCall): Promise<void> {
  const { usage } = runtime();
  const event = eventOf(call);
  const isStranger = event.tenantId === unknownTenant && event.status >= 400;
  await (isStranger ? usage.countRefusal(event) : usage.record(event));
}

function eventOf({
  endpoint,
  origin,
  caller,
  request,
  status,
  body,
  errorCode,
  error,
  trace,
}: FinishedCall): UsageEvent {
  const actor = caller.authenticated?.actor;
  const key: VerifiedKey | undefined = caller.authenticated?.key ?? refusedKey(error);
  return {
    occurredAtMs: origin.now.getTime(),
    tenantId: key?.tenantId ?? actor?.tenantId ?? unknownTenant,
    accountId: key?.accountId ?? actor?.accountId ?? null,
    apiKeyId: key?.id ?? null,
    keyGeneration: key?.generation ?? null,
    userId: actor?.kind === "user" ? actor.id : (key?.triedBy?.userId ?? null),
    serviceId: null,
    gatewayId: null,
    routeId: null,
    endpoint: endpoint?.path ?? unmatchedEndpoint,
    path: origin.path,
    method: request.method,
    status,
    errorCode,
    latencyUs: (performance.now() - origin.startedAtMs) * 1000,
    upstreamUs: null,
    requestBytes: caller.requestBytes,
    responseBytes: body === null ? 0 : Buffer.byteLength(body),
    credits: 0,
    ipAddress: key?.triedBy?.ipAddress ?? origin.ipAddress,
    country: null,
    userAgent: origin.userAgent,
    requestId: origin.requestId,
    apiVersion: null,
    oauthAppId: null,
    cacheStatus: null,
    target: null,
    attempts: 0,
    isManagement: true,
    trace,
  };
}
