import type { Endpoint, OutputOf, RequestOf } from "#lib/core/endpoint";
import type { ErrorCode, FieldError } from "#lib/core/errors";

/** A problem+json answer, thrown on the client. Switch on `code`; show `message`. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  readonly code: ErrorCode | "NETWORK";
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;
  readonly fields: readonly FieldError[];

  constructor(problem: {
    status: number;
    code: ErrorCode | "NETWORK";
    detail: string;
    requestId?: string | null;
    retryAfterSeconds?: number | null;
    fields?: readonly FieldError[];
  }) {
    super(problem.detail);
    this.status = problem.status;
    this.code = problem.code;
    this.requestId = problem.requestId ?? null;
    this.retryAfterSeconds = problem.retryAfterSeconds ?? null;
    this.fields = problem.fields ?? [];
  }
}

type Parts = { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown };

/** The cookie a browser remembers the chosen account in. Ports of a host share cookies, so the port is part of its name. */
export const accountCookie = (origin: string): string => `portico.account.${new URL(origin).port || "default"}`;

/** The `<meta>` in which a page says which account it was rendered for: calls from it are for the same one. */
export const accountMeta = "portico-account";

/** Calls one declared endpoint from the browser. Path, method, input and output types all come from the declaration. */
export async function call<E extends Endpoint>(
  endpoint: E,
  request: RequestOf<E>,
  signal?: AbortSignal,
): Promise<OutputOf<E>> {
  const response = await answerTo(endpoint, request, signal);
  return (response.status === 204 ? undefined : await response.json()) as OutputOf<E>;
}

/** As `call`, for an answer that is a file rather than JSON: `format=csv`. */
export async function callForFile<E extends Endpoint>(endpoint: E, request: RequestOf<E>): Promise<Blob> {
  return (await answerTo(endpoint, request)).blob();
}

async function answerTo<E extends Endpoint>(
  endpoint: E,
  request: RequestOf<E>,
  signal?: AbortSignal,
): Promise<Response> {
  const { params = {}, query = {}, body } = request as Parts;
  const response = await send(pathOf(endpoint.path, params, query), {
    method: endpoint.method,
    headers: { ...selectedAccount(), ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  if (!response.ok) throw await problemOf(response);
  return response;
}

function pathOf(template: string, params: Record<string, string>, query: Record<string, unknown>): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return search ? `${path}?${search}` : path;
}

function selectedAccount(): Record<string, string> {
  if (typeof document === "undefined") return {};
  const rendered = document.querySelector<HTMLMetaElement>(`meta[name="${accountMeta}"]`)?.content;
  return rendered ? { "portico-account": rendered } : {};
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiProblem({
      status: 0,
      code: "NETWORK",
      detail: "Portico cannot be reached. Check your connection and try again.",
    });
  }
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const body = await response.json().catch(() => ({}));
  return new ApiProblem({
    status: response.status,
    code: body.error_code ?? "INTERNAL_ERROR",
    detail: body.detail ?? `The server answered ${response.status}.`,
    requestId: body.request_id ?? response.headers.get("x-request-id"),
    retryAfterSeconds: body.retry_after ?? null,
    fields: body.errors ?? [],
  });
}
