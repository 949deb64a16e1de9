import type { Endpoint, InputOf, OutputOf } from "#lib/core/endpoint";
import { AppError, type ErrorCode, isAppError } from "#lib/core/errors";
import type { Permission } from "#lib/core/permissions";
import { toProblem } from "#lib/core/problem";
import { authenticate } from "#lib/http/authenticate";
import { traceOfAnswer } from "#lib/http/call-trace";
import { requireSameOrigin } from "#lib/http/csrf";
import { bodyHashOf, idempotencyKeyOf, once } from "#lib/http/idempotency";
import { readInput } from "#lib/http/read-input";
import { type Caller, recordCall } from "#lib/http/record-call";
import { type Origin, originOf } from "#lib/http/request-origin";
import { type Authorized, authorize } from "#lib/platform/context";
import { isDatabaseDown } from "#lib/platform/database-errors";
import { inTenant } from "#lib/platform/db";
import { runtime } from "#lib/platform/runtime";

type RouteParams = { params: Promise<Record<string, string>> };
type RouteHandler = (request: Request, route: RouteParams) => Promise<Response>;

/** What the function behind a public endpoint is told. It opens its own transactions: no tenant is known yet. */
export type PublicContext = Origin;

type ContextOf<E extends Endpoint> = E["permission"] extends Permission ? Authorized<E["permission"]> : PublicContext;
type Run<E extends Endpoint> = (ctx: ContextOf<E>, input: InputOf<E>) => Promise<OutputOf<E>>;

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
  errorCode?: ErrorCode;
  error?: unknown;
  isReplayed?: boolean;
}

/**
 * Turns a declared endpoint and a domain function into a Next.js route handler: who, may they, what did they send, run it in one
 * transaction bound to their tenant, shape the answer, record the call. Every failure leaves as the one problem body.
 */
export function handle<E extends Endpoint>(endpoint: E, run: Run<E>): RouteHandler {
  return async (request, route) => {
    const origin = originOf(request, new Date());
    const caller: Caller = { authenticated: null };
    const answer = await respond(endpoint, run as Run<Endpoint>, request, await route.params, origin, caller).catch(
      (error: unknown) => refuse(error, origin),
    );
    const body = answer.body === undefined ? null : JSON.stringify(answer.body);
    const trace = traceOfAnswer(request, answer, origin);
    await recordCall({
      endpoint,
      origin,
      caller,
      request,
      status: answer.status,
      body,
      errorCode: answer.errorCode ?? null,
      error: answer.error,
      trace,
    });
    return new Response(body, { status: answer.status, headers: { "cache-control": "no-store", ...answer.headers } });
  };
}

async function respond(
  endpoint: Endpoint,
  run: Run<Endpoint>,
  request: Request,
  params: Record<string, string>,
  origin: Origin,
  caller: Caller,
): Promise<Answer> {
  if (endpoint.permission === "public") {
    if (request.headers.has("cookie") && endpoint.method !== "GET")
      requireSameOrigin(request, runtime().env.PUBLIC_URL, { ifSent: true });
    const { input } = await readInput(endpoint, request, params);
    return shape(endpoint, await run(origin as never, input));
  }
  caller.authenticated = await authenticate(request.headers, origin.ipAddress, origin.now);
  const { actor } = caller.authenticated;
  if (actor.via === "session") requireSameOrigin(request, runtime().env.PUBLIC_URL, { ifSent: false });
  // Refused before the body is read: who may not, learns nothing about what a valid request would be.
  authorize({ ...origin, actor, db: undefined as never }, endpoint.permission);
  const { input, rawBody } = await readInput(endpoint, request, params);
  return inTenant({ tenantId: actor.tenantId, reach: actor.reach }, async (db) => {
    const ctx = authorize({ ...origin, actor, db }, endpoint.permission as Permission);
    const work = () => run(ctx as never, input) as Promise<unknown>;
    const key = idempotencyKeyOf(endpoint, request.headers);
    if (key === undefined) return withNextLink(shape(endpoint, await work()), request, origin);
    const use = {
      tenantId: actor.tenantId,
      actorId: actor.id,
      method: endpoint.method,
      path: origin.path,
      key,
      bodyHash: bodyHashOf(rawBody),
    };
    const { replayed, output } = await once(
      db,
      endpoint,
      use,
      origin.now,
      async () => shape(endpoint, await work()).body,
    );
    const answer = json(endpoint.success.status, output);
    return replayed
      ? { ...answer, headers: { ...jsonHeaders, "idempotent-replayed": "true" }, isReplayed: true }
      : answer;
  });
}

const jsonHeaders = { "content-type": "application/json" };
const json = (status: number, body: unknown): Answer => ({ status, headers: jsonHeaders, body });

/** The schema runs on the way out too: a field the contract does not name is dropped before it leaves. */
function shape(endpoint: Endpoint, output: unknown): Answer {
  if (!("schema" in endpoint.success)) return { status: endpoint.success.status, headers: {}, body: undefined };
  return json(endpoint.success.status, endpoint.success.schema.parse(output));
}

/** A list's next page as a Link header too (RFC 8288), relative, with the parameters that were sent. */
function withNextLink(answer: Answer, request: Request, origin: Origin): Answer {
  const cursor = (answer.body as { next_cursor?: unknown } | undefined)?.next_cursor;
  if (typeof cursor !== "string") return answer;
  const search = new URL(request.url).searchParams;
  search.set("cursor", cursor);
  return { ...answer, headers: { ...answer.headers, link: `<${origin.path}?${search}>; rel="next"` } };
}

function refuse(error: unknown, origin: Origin): Answer {
  const known = isDatabaseDown(error)
    ? new AppError("AUTH_BACKEND_UNAVAILABLE", "The database is not reachable right now. Nothing was changed.", {
        retryAfterSeconds: 2,
        cause: error,
      })
    : error;
  const problem = toProblem(known, origin);
  if (problem.status >= 500)
    runtime().logger.error(
      { err: isAppError(known) ? (known.cause ?? known) : known, request_id: origin.requestId, path: origin.path },
      "a management request failed",
    );
  return { ...problem, errorCode: problem.body.error_code, error: known };
}
