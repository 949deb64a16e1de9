import { AppError } from "#lib/core/errors";
import type { LimitState, LimitsDecision } from "#lib/rate-limits/consume-limits";

/** `rateLimitHeaders` as a flat list of names and values, for who writes one for every call. */
export function rateLimitHeaderList(decision: LimitsDecision): string[] {
  const { binding, states, retryAfterSeconds } = decision;
  if (!binding) return [];
  const list = [
    ...["X-RateLimit-Limit", String(binding.limit), "X-RateLimit-Remaining", String(binding.remaining)],
    ...["X-RateLimit-Reset", String(binding.resetAtSeconds), "X-RateLimit-Window", String(binding.windowSeconds)],
    ...["RateLimit-Policy", policiesOf(states)],
    ...["RateLimit", `${binding.label};r=${binding.remaining};t=${binding.resetAfterSeconds}`],
  ];
  if (retryAfterSeconds !== undefined) list.push("Retry-After", String(retryAfterSeconds));
  if (decision.degraded) list.push("X-RateLimit-Degraded", "1");
  return list;
}

/**
 * The headers of any answer to a limited call: `X-RateLimit-*` of the most restrictive limit (R16), and the structured
 * fields of draft-ietf-httpapi-ratelimit-headers-10: every policy, and the state of the most restrictive. Empty when
 * nothing was limited.
 */
export function rateLimitHeaders(decision: LimitsDecision): Record<string, string> {
  const list = rateLimitHeaderList(decision);
  const headers: Record<string, string> = {};
  for (let at = 0; at < list.length; at += 2) headers[list[at] as string] = list[at + 1] as string;
  return headers;
}

/** Every policy once. */
function policiesOf(states: readonly LimitState[]): string {
  const policies: string[] = [];
  for (const { label, limit, windowSeconds } of states) {
    const policy = `${label};q=${limit};w=${windowSeconds}`;
    if (!policies.includes(policy)) policies.push(policy);
  }
  return policies.join(", ");
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
