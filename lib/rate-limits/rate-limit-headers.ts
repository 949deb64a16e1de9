import { AppError } from "#lib/core/errors";
import type { LimitState, LimitsDecision } from "#lib/rate-limits/consume-limits";

/**
 * The headers of any answer to a limited call: `X-RateLimit-*` of the most restrictive limit (R16), and the structured
 * fields of draft-ietf-httpapi-ratelimit-headers-10: every policy, and the state of the most restrictive. Empty when
 * nothing was limited.
 */
export function rateLimitHeaders(decision: LimitsDecision): Record<string, string> {
  const { binding, states, retryAfterSeconds } = decision;
  if (!binding) return {};
  return {
    "X-RateLimit-Limit": String(binding.limit),
    "X-RateLimit-Remaining": String(binding.remaining),
    "X-RateLimit-Reset": String(binding.resetAtSeconds),
    "X-RateLimit-Window": String(binding.windowSeconds),
    "RateLimit-Policy": [...new Set(states.map(policyItem))].join(", "),
    RateLimit: `${quoted(binding.limitId)};r=${binding.remaining};t=${binding.resetAfterSeconds}`,
    ...(retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) }),
    ...(decision.degraded ? { "X-RateLimit-Degraded": "1" } : {}),
  };
}

/** The detail of every `RATE_LIMIT_EXCEEDED`, word for word as the interface promises it. */
export function rateLimitSentence(retryAfterSeconds: number): string {
  return `Rate limit exceeded. Try again in ${retryAfterSeconds} seconds.`;
}

/** The same in S4's words. */
function plainSentence({ limit, windowSeconds }: LimitState): string {
  return `Rate limit exceeded. Limit: ${limit} requests per ${windowSeconds} seconds`;
}

/** The refusal of a decision that did not admit, with its headers. `instead`: the refusal it stands in for, for the record. */
export function rateLimitError(decision: LimitsDecision, instead?: AppError): AppError {
  const { binding, retryAfterSeconds = 1 } = decision;
  return new AppError("RATE_LIMIT_EXCEEDED", rateLimitSentence(retryAfterSeconds), {
    retryAfterSeconds,
    ...(binding && { partnerMessage: plainSentence(binding) }),
    headers: rateLimitHeaders(decision),
    about: instead?.extras.about,
    cause: instead,
  });
}

function policyItem({ limitId, limit, windowSeconds }: LimitState): string {
  return `${quoted(limitId)};q=${limit};w=${windowSeconds}`;
}

/** A structured-field string (RFC 9651, 3.3.3): printable ASCII, quotes and backslashes escaped. */
function quoted(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]/g, "_").replace(/["\\]/g, "\\$&")}"`;
}
