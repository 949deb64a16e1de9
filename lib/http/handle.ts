import type { Actor } from "#lib/core/actor";
import { type Csv, csvHeaders, isCsv } from "#lib/core/csv";
import type { Endpoint, InputOf, OutputOf } from "#lib/core/endpoint";
import { toErrorAnswer } from "#lib/core/error-answer";
import { AppError, type ErrorCode, isAppError } from "#lib/core/errors";
import type { Permission } from "#lib/core/permissions";
import { authenticate, authenticatePage } from "#lib/http/authenticate";
import { traceOfAnswer } from "#lib/http/call-trace";
import { limitsHeader } from "#lib/http/caller-limits";
import { requireSameOrigin } from "#lib/http/csrf";
import { bodyHashOf, idempotencyKeyOf, once } from "#lib/http/idempotency";
import { readInput } from "#lib/http/read-input";
import { type Caller, recordCall } from "#lib/http/record-call";
import { type Origin, originOf } from "#lib/http/request-origin";
import { type Authorized, authorize } from "#lib/platform/context";
import { isDatabaseDown } from "#lib/platform/database-errors";
import { type Db, inTenant } from "#lib/platform/db";
import { runtime } from "#lib/platform/runtime";

type RouteParams = { params: Promise<Record<string, string>> };
type RouteHandler = (request: Request, route: RouteParams) => Promise<Response>;

/** What the function behind a public endpoint is told. It opens its own transactions: no tenant is known yet. */
export type PublicContext = Origin;

type ContextOf<E extends Endpoint> = E["permission"] extends Permission ? Authorized<E["permission"]> : PublicContext;
type Run<E extends Endpoint> = (ctx: ContextOf<E>, input: InputOf<E>) => Promise<OutputOf<E> | Csv>;

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
    const call: Call = {
      endpoint,
      run: run as Run<Endpoint>,
      request,
      params: await route.params,
      origin: originOf(request, new Date()),
      caller: { authenticated: null, requestBytes: 0 },
    };
    const answer = await respond(call).catch((error: unknown) => refuse(error, call));
    const body = isCsv(answer.body) ? answer.body.csv : answer.body === undefined ? null : JSON.stringify(answer.body);
    const { status, errorCode = null, error } = answer;
    if (!endpoint.isOfPage)
      await recordCall({ ...call, status, body, errorCode, error, trace: traceOfAnswer(request, answer, call.origin) });
    return new Response(body, { status, headers: headersOf(request, answer) });
  };
}

/** The limits the middleware counted, unless the answer speaks of a stricter one itself. */
function headersOf(request: Request, answer: Answer): Headers {
  const headers = new Headers(JSON.parse(request.headers.get(limitsHeader) ?? "{}") as Record<string, string>);
  for (const [name, value] of Object.entries({ "cache-control": "no-store", ...answer.headers }))
    headers.set(name, value);
  return headers;
}

/** One request on its way through. */
interface Call {
  endpoint: Endpoint;
  run: Run<Endpoint>;
  request: Request;
  params: Record<string, string>;
  origin: Origin;
  caller: Caller;
}

async function respond(call: Call): Promise<Answer> {
  const { endpoint, run, request, params, origin, caller } = call;
  const { PUBLIC_URL } = runtime().env;
  if (endpoint.permission === "public") {
    if (request.headers.has("cookie")) requireSameOrigin(request, PUBLIC_URL, { ifSent: true });
    const { input } = await readInput(endpoint, request, params, caller);
    return shape(endpoint, await run(origin as never, input));
  }
  caller.authenticated = endpoint.isOfPage
    ? await authenticatePage(request.headers, origin.now)
    : await authenticate(request.headers, origin.ipAddress, origin.now);
  const { actor } = caller.authenticated;
  if (actor.via === "session") requireSameOrigin(request, PUBLIC_URL, { ifSent: false });
  // Refused before the body is read: who may not, learns nothing about what a valid request would be.
  const ctx = authorize({ ...origin, actor, db: undefined as never }, endpoint.permission);
  const { input, rawBody } = await readInput(endpoint, request, params, caller);
  if (endpoint.transaction === "own") return shape(endpoint, await run(ctx as never, input));
  return inTenant(actor, async (db) => {
    const work = async () => shape(endpoint, await run({ ...ctx, db } as never, input));
    const key = idempotencyKeyOf(endpoint, request.headers);
    if (key === undefined) return withNextLink(await work(), request, origin);
    return workOnce(db, call, actor, key, rawBody, work);
  });
}

async function workOnce(
  db: Db,
  { endpoint, request, origin }: Call,
  actor: Actor,
  key: string,
  rawBody: string,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const use = {
    tenantId: actor.tenantId,
    accountId: actor.accountId ?? "",
    actorId: actor.id,
    method: endpoint.method,
    path: new URL(request.url).pathname, // the canonical one: an alias is the same request
    key,
    bodyHash: bodyHashOf(rawBody),
  };
  const { replayed, output } = await once(db, endpoint, use, origin.now, async () => (await work()).body);
  const { status } = endpoint.success;
  const answer = "schema" in endpoint.success ? json(status, output) : empty(status);
  return replayed
    ? { ...answer, headers: { ...answer.headers, "idempotent-replayed": "true" }, isReplayed: true }
    : answer;
}

const jsonHeaders = { "content-type": "application/json" };
const json = (status: number, body: unknown): Answer => ({ status, headers: jsonHeaders, body });
const empty = (status: number): Answer => ({ status, headers: {}, body: undefined });

/** The schema runs on the way out too: a field the contract does not name is dropped before it leaves. */
function shape(endpoint: Endpoint, output: unknown): Answer {
  if (isCsv(output)) return { status: endpoint.success.status, headers: csvHeaders(output), body: output };
  if (!("schema" in endpoint.success)) return empty(endpoint.success.status);
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

function refuse(error: unknown, { endpoint, origin }: Call): Answer {
  const known = isDatabaseDown(error)
    ? new AppError(
        "AUTH_BACKEND_UNAVAILABLE",
        "The database did not answer in time. Read again what you changed before you repeat it; where you asked for much, ask for less.",
        {
          retryAfterSeconds: 2,
          cause: error,
        },
      )
    : error;
  const answer = toErrorAnswer(endpoint.errorFormat ?? "problem", known, origin);
  if (answer.status >= 500)
    runtime().logger.error(
      { err: isAppError(known) ? (known.cause ?? known) : known, request_id: origin.requestId, path: origin.path },
      "a management request failed",
    );
  return { ...answer, error: known };
}
