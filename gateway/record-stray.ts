import { type IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Admission } from "#gateway/admit";
import { answerProblem, refuseSocket } from "#gateway/answer-problem";
import { AppError } from "#lib/core/errors";
import { runtime } from "#lib/platform/runtime";
import { decisions } from "#lib/usage/decision-codes";
import { unknownTenant, unmatchedEndpoint } from "#lib/usage/event";

/** Answers a request that no route takes with 404, counted: whose it would have been nobody knows. */
export async function recordStray(
  req: IncomingMessage,
  to: ServerResponse | Duplex | undefined,
  admission: Admission,
): Promise<void> {
  const now = new Date();
  const error = new AppError("ROUTE_NOT_FOUND", "No route of this host has this path.");
  await runtime().usage.countRefusal({
    ...nobody,
    occurredAtMs: now.getTime(),
    path: admission.path,
    method: req.method ?? "GET",
    ipAddress: admission.origin.address,
    userAgent: admission.head.userAgent ?? null,
    requestId: admission.requestId,
  });
  const at = { path: admission.path, requestId: admission.requestId, now };
  if (to instanceof ServerResponse) {
    to.setHeader("x-request-id", admission.requestId);
    answerProblem(to, error, at);
  } else if (to) refuseSocket(to, error, at);
}

const nobody = {
  tenantId: unknownTenant,
  accountId: null,
  apiKeyId: null,
  keyGeneration: null,
  userId: null,
  serviceId: null,
  gatewayId: null,
  routeId: null,
  endpoint: unmatchedEndpoint,
  status: 404,
  errorCode: "ROUTE_NOT_FOUND",
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
  trace: [decisions.route_missing.code],
};
