import { type IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Admission } from "#gateway/admit";
import { endSocket } from "#gateway/refuse";
import type { DomainOwner } from "#gateway/snapshot";
import { toErrorAnswer } from "#lib/core/error-answer";
import type { AppError } from "#lib/core/errors";
import { runtime } from "#lib/platform/runtime";
import { type DecisionName, decisions } from "#lib/usage/decision-codes";
import { type UsageEvent, unknownTenant, unmatchedEndpoint } from "#lib/usage/event";

/** A request that is refused without a route: there is none for it, or it was not admitted. */
export interface Stray {
  readonly req: IncomingMessage;
  readonly to: ServerResponse | Duplex;
  readonly admission: Admission;
  readonly error: AppError;
  /** Whose domain it came to. Otherwise nobody knows whose it would have been. */
  readonly owner: DomainOwner | undefined;
}

/** Answers it once it is counted: for its domain's owner, or else for the platform. */
export function refuseStray(stray: Stray): void {
  const { to, admission, error, owner } = stray;
  const now = new Date();
  const at = { path: admission.path, requestId: admission.requestId, now };
  const answer = toErrorAnswer(owner?.errorFormat ?? "problem", error, at);
  const { status, errorCode } = answer;
  const body = Buffer.from(JSON.stringify(answer.body));
  const headers = [...Object.entries(answer.headers).flat(), "Cache-Control", "no-store"];
  headers.push("X-Request-Id", admission.requestId, "Content-Length", String(body.length));
  const { usage, gatewayMetrics } = runtime();
  gatewayMetrics.observe(gatewayMetrics.slotOf("", ""), "refused", status, 0, null);
  gatewayMetrics.refuse(errorCode);
  usage
    .countRefusal({ ...eventOf(stray, now), status, errorCode, responseBytes: body.length })
    .then(() => {
      if (to instanceof ServerResponse) to.writeHead(status, headers).end(body);
      else endSocket(to, status, headers, body);
    })
    .catch(() => to.destroy());
}

function eventOf({ req, admission, error, owner }: Stray, now: Date): UsageEvent {
  const decision: DecisionName = error.code === "ROUTE_NOT_FOUND" ? "route_missing" : "not_admitted";
  return {
    ...nothing,
    tenantId: owner?.tenantId ?? unknownTenant,
    occurredAtMs: now.getTime(),
    path: admission.path,
    method: req.method ?? "GET",
    ipAddress: admission.origin.address,
    userAgent: admission.head.userAgent ?? null,
    requestId: admission.requestId,
    trace: [decisions[decision].code],
  };
}

const nothing = {
  accountId: null,
  apiKeyId: null,
  keyGeneration: null,
  userId: null,
  serviceId: null,
  gatewayId: null,
  routeId: null,
  endpoint: unmatchedEndpoint,
  status: 0,
  errorCode: null,
  latencyUs: 0,
  upstreamUs: null,
  requestBytes: 0,
  responseBytes: 0,
  credits: 0,
  country: null,
  apiVersion: null,
  oauthAppId: null,
  cacheStatus: null,
  target: null,
  attempts: 0,
  isManagement: false,
};
