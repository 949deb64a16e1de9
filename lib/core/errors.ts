/**
 * Every failure a caller can see, in one list: its code, the HTTP status it travels under, its title and what to do about it.
 * A code never changes meaning once released; docs/errors.md and /docs/errors are generated from this object.
 */
export const errorCatalogue = {
  BAD_REQUEST: {
    status: 400,
    title: "Bad request",
    help: "The request cannot be read as HTTP or JSON. Compare it with the example of the operation.",
  },
  VERSION_UNKNOWN: {
    status: 400,
    title: "API version unknown",
    help: "Ask for a version the API publishes; the detail lists them.",
  },
  API_KEY_INVALID: {
    status: 401,
    title: "API key invalid",
    help: "Send a complete key in X-API-Key. A key is shown once; if it is lost, rotate it.",
  },
  API_KEY_REVOKED: {
    status: 401,
    title: "API key revoked",
    help: "A revoked key never works again. Create a new one.",
  },
  API_KEY_EXPIRED: {
    status: 401,
    title: "API key expired",
    help: "Create a new key, or give the key a later expiry before it passes.",
  },
  API_KEY_DISABLED: { status: 401, title: "API key disabled", help: "Enable the key in the portal to use it again." },
  TOKEN_INVALID: {
    status: 401,
    title: "Token invalid",
    help: "Sign in again, or refresh the token; check that it is the kind of token this path takes.",
  },
  SIGNATURE_INVALID: {
    status: 401,
    title: "Signature invalid",
    help: "Sign method, path, query, timestamp, nonce and body digest as documented.",
  },
  CREDITS_EXHAUSTED: { status: 402, title: "Credits exhausted", help: "Buy credits; waiting does not help." },
  BUDGET_EXCEEDED: { status: 402, title: "Budget exceeded", help: "Raise the budget or wait for its next period." },
  PERMISSION_DENIED: {
    status: 403,
    title: "Permission denied",
    help: "Ask an owner or administrator for the permission named in the detail.",
  },
  INSUFFICIENT_SCOPE: {
    status: 403,
    title: "Insufficient scope",
    help: "Use a credential with the scope named in the detail.",
  },
  SERVICE_NOT_ALLOWED: {
    status: 403,
    title: "Service not allowed",
    help: "Ask for access to the service, or use a key that has it.",
  },
  IP_NOT_ALLOWED: {
    status: 403,
    title: "IP address not allowed",
    help: "Add the address to the key's allow list or call from a listed one.",
  },
  ACCOUNT_SUSPENDED: { status: 403, title: "Account suspended", help: "Contact the operator." },
  TENANT_SUSPENDED: { status: 403, title: "Tenant suspended", help: "Contact the platform." },
  PLAN_LIMIT_REACHED: {
    status: 403,
    title: "Plan limit reached",
    help: "Delete something of the same kind or choose a larger plan.",
  },
  FEATURE_DISABLED: { status: 403, title: "Feature disabled", help: "The feature is switched off for this tenant." },
  NOT_FOUND: {
    status: 404,
    title: "Not found",
    help: "Check the id; things of other accounts look the same as things that do not exist.",
  },
  ROUTE_NOT_FOUND: { status: 404, title: "Route not found", help: "No published route matches this host and path." },
  METHOD_NOT_ALLOWED: { status: 405, title: "Method not allowed", help: "Use one of the methods in the Allow header." },
  NOT_ACCEPTABLE: { status: 406, title: "Not acceptable", help: "Accept application/json." },
  CONFLICT: {
    status: 409,
    title: "Conflict",
    help: "The thing is in a state that excludes this change; read it again.",
  },
  IDEMPOTENCY_CONFLICT: {
    status: 409,
    title: "Idempotency conflict",
    help: "The first request with this Idempotency-Key is still running. Retry shortly.",
  },
  API_VERSION_SUNSET: {
    status: 410,
    title: "API version sunset",
    help: "Move to a current version; the migration guide is linked.",
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    title: "Payload too large",
    help: "Send a smaller body; the management API takes up to 1 MiB.",
  },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: "Unsupported media type", help: "Send application/json in UTF-8." },
  VALIDATION_FAILED: {
    status: 422,
    title: "Validation failed",
    help: "Each entry of errors names a part of the request and what is wrong with it.",
  },
  IDEMPOTENCY_MISMATCH: {
    status: 422,
    title: "Idempotency mismatch",
    help: "The Idempotency-Key was used for another body. Use a new key for a new request.",
  },
  RATE_LIMIT_EXCEEDED: {
    status: 429,
    title: "Rate limit exceeded",
    help: "Wait as long as Retry-After says; the next call then gets in.",
  },
  QUOTA_EXCEEDED: {
    status: 429,
    title: "Quota exceeded",
    help: "The quota of this period is used up; it resets at the time in the detail.",
  },
  CONCURRENCY_LIMIT_EXCEEDED: { status: 429, title: "Too many calls at once", help: "Make fewer calls in parallel." },
  HEADERS_TOO_LARGE: { status: 431, title: "Headers too large", help: "Send fewer or smaller headers." },
  INTERNAL_ERROR: {
    status: 500,
    title: "Internal error",
    help: "The fault is ours. Quote the request_id when you ask about it.",
  },
  UPSTREAM_ERROR: {
    status: 502,
    title: "Upstream error",
    help: "The service behind the gateway answered in a way that cannot be passed on.",
  },
  UPSTREAM_UNAVAILABLE: {
    status: 503,
    title: "Upstream unavailable",
    help: "No healthy instance of the service is available. Retry later.",
  },
  MAINTENANCE: { status: 503, title: "Maintenance", help: "Retry after the time in Retry-After." },
  AUTH_BACKEND_UNAVAILABLE: {
    status: 503,
    title: "Authentication unavailable",
    help: "Credentials cannot be checked right now. They may be good: retry, do not discard them.",
  },
  UPSTREAM_TIMEOUT: {
    status: 504,
    title: "Upstream timeout",
    help: "The service behind the gateway did not answer in time.",
  },
} as const satisfies Record<string, { status: number; title: string; help: string }>;

export type ErrorCode = keyof typeof errorCatalogue;

/** One part of the request that was refused: where it is, in the caller's own names (a JSON pointer), and why. */
export interface FieldError {
  in: "path" | "query" | "body" | "header";
  pointer: string;
  detail: string;
}

interface ErrorExtras {
  fields?: readonly FieldError[];
  retryAfterSeconds?: number;
  /** Further members of the problem body, e.g. `allowed_services`. */
  members?: Readonly<Record<string, unknown>>;
  /** The sentence of S4's error format, where that is another one. */
  partnerMessage?: string;
  /** Further response headers, e.g. `allow` of a 405. */
  headers?: Readonly<Record<string, string>>;
  /** What the refusal was about (a known key, say), for those who record it. Never sent. */
  about?: unknown;
  /** What really happened. Logged, never sent. */
  cause?: unknown;
}

const brand = Symbol.for("portico.error");

/** The only error our code throws on purpose. `detail` is written for the person who sent the request. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly [brand] = true;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly extras: ErrorExtras;

  constructor(code: ErrorCode, detail: string, extras: ErrorExtras = {}) {
    super(detail, { cause: extras.cause });
    this.code = code;
    this.detail = detail;
    this.extras = extras;
  }
}

/** By brand, because each bundle has its own copy of the class and `instanceof` only knows one of them. */
export function isAppError(error: unknown): error is AppError {
  return typeof error === "object" && error !== null && (error as Record<symbol, unknown>)[brand] === true;
}

/** The same refusal with further response headers. */
export function withHeaders({ code, detail, extras }: AppError, headers: Readonly<Record<string, string>>): AppError {
  return new AppError(code, detail, { ...extras, headers: { ...headers, ...extras.headers } });
}

/** The answer for a missing thing and for one the caller may not know about: the two must look alike. */
export function notFound(thing: string): AppError {
  return new AppError("NOT_FOUND", `No such ${thing}.`);
}

/** A single refused field of the body, as `VALIDATION_FAILED`. */
export function invalidField(field: string, detail: string): AppError {
  return new AppError("VALIDATION_FAILED", "Some fields are missing or wrong.", {
    fields: [{ in: "body", pointer: `#/${field}`, detail }],
  });
}
