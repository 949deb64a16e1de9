import { AppError, type ErrorCode, errorCatalogue, type FieldError, isAppError } from "#lib/core/errors";

/** Where and when a failure happened. `path` is the path as the client sent it, without the query. */
export interface Occurrence {
  path: string;
  requestId: string;
  now: Date;
}

/** RFC 9457 problem details. `error_code` is what programs switch on, `detail` is what people read. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  error_code: ErrorCode;
  timestamp: string;
  path: string;
  request_id: string;
  retry_after?: number;
  errors?: readonly FieldError[];
  [member: string]: unknown;
}

export interface Problem {
  status: number;
  headers: Record<string, string>;
  body: ProblemBody;
}

/**
 * Turns any thrown value into the one error body of the API (`spec`: RFC 9457 with S0's members).
 * Anything that is not an AppError becomes INTERNAL_ERROR: what broke is for the log, never for the caller.
 */
export function toProblem(error: unknown, { path, requestId, now }: Occurrence): Problem {
  const known = toAppError(error);
  const { status, title } = errorCatalogue[known.code];
  const { fields, retryAfterSeconds, members } = known.extras;
  return {
    status,
    headers: errorHeaders(known, "application/problem+json"),
    body: {
      type: `/docs/errors/${known.code}`,
      title,
      status,
      detail: known.detail,
      instance: path,
      error_code: known.code,
      timestamp: now.toISOString(),
      path,
      request_id: requestId,
      ...(retryAfterSeconds !== undefined && { retry_after: retryAfterSeconds }),
      ...members,
      ...(fields && { errors: fields }),
    },
  };
}

/** What the caller is told of a thrown value. */
export function toAppError(error: unknown): AppError {
  if (isAppError(error)) return error;
  return new AppError(
    "INTERNAL_ERROR",
    "Something went wrong on our side. Quote the request id when you ask about it.",
  );
}

/** The headers of a refusal, in whatever format its body is written. */
export function errorHeaders({ code, extras }: AppError, contentType: string): Record<string, string> {
  const { headers, retryAfterSeconds } = extras;
  return {
    ...lowerCased(headers), // names in one case, or a header would stand there twice
    "content-type": contentType,
    ...(errorCatalogue[code].status === 401 && { "www-authenticate": challenge }),
    ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
  };
}

function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** RFC 9110 11.6.1: a 401 says which schemes would do. */
const challenge = 'Bearer realm="portico", ApiKey realm="portico", header="X-API-Key"';
