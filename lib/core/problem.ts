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
  const known = isAppError(error) ? error : unexpected();
  const { status, title } = errorCatalogue[known.code];
  const { fields, retryAfterSeconds, members, headers } = known.extras;
  return {
    status,
    headers: {
      ...lowerCased(headers), // names in one case, or a header would stand there twice
      "content-type": "application/problem+json",
      ...(status === 401 && { "www-authenticate": challenge }),
      ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
    },
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

function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** RFC 9110 11.6.1: a 401 says which schemes would do. */
const challenge = 'Bearer realm="portico", ApiKey realm="portico", header="X-API-Key"';

function unexpected(): AppError {
  return new AppError(
    "INTERNAL_ERROR",
    "Something went wrong on our side. Quote the request id when you ask about it.",
  );
}
