/**
 * The decision trace of a request: for each check `code × 100 + outcome`, then the numbers of that decision. Codes are stored in
 * usage events for as long as those are kept, so this table is append-only: an entry is never renumbered, never gets other
 * numbers, never goes. In the sentences `{name}` is the number of that name.
 */
export const decisions = {
  // 1 · authentication
  key_accepted: {
    code: 100,
    numbers: ["generation"],
    sentence: "Authentication: the API key is good (its secret number {generation}).",
  },
  previous_secret_accepted: {
    code: 101,
    numbers: ["generation"],
    sentence:
      "Authentication: the API key's previous secret (number {generation}), which still works for a while after the rotation.",
  },
  session_accepted: { code: 102, numbers: [], sentence: "Authentication: signed in to the portal." },
  user_token_accepted: { code: 103, numbers: [], sentence: "Authentication: the user's token is good." },
  partner_token_accepted: {
    code: 104,
    numbers: ["generation"],
    sentence: "Authentication: the token is good; it was made from the API key's secret number {generation}.",
  },
  anonymous_accepted: { code: 105, numbers: [], sentence: "Authentication: this route asks for none." },
  explorer_credential_accepted: {
    code: 106,
    numbers: ["generation"],
    sentence: "Authentication: tried in the explorer as the API key (its secret number {generation}).",
  },
  credential_missing: { code: 110, numbers: [], sentence: "Authentication: no credential was sent. Refused." },
  key_unknown: { code: 111, numbers: [], sentence: "Authentication: no such API key. Refused." },
  key_revoked: { code: 112, numbers: [], sentence: "Authentication: the API key is revoked. Refused." },
  key_expired: { code: 113, numbers: [], sentence: "Authentication: the API key has expired. Refused." },
  key_disabled: { code: 114, numbers: [], sentence: "Authentication: the API key is disabled. Refused." },
  token_refused: { code: 115, numbers: [], sentence: "Authentication: the token or session is not valid. Refused." },
  authentication_unavailable: {
    code: 116,
    numbers: [],
    sentence: "Authentication: credentials could not be checked just then. Refused.",
  },
  guesses_exhausted: {
    code: 117,
    numbers: ["seconds"],
    sentence: "Authentication: too many wrong credentials from this address; it has to wait {seconds} s. Refused.",
  },
  // 2 · address
  any_address_allowed: { code: 200, numbers: [], sentence: "Address: the key may be used from anywhere." },
  address_allowed: { code: 201, numbers: ["entries"], sentence: "Address: on the key's allow list (of {entries})." },
  address_refused: {
    code: 210,
    numbers: ["entries"],
    sentence: "Address: not on the key's allow list (of {entries}). Refused.",
  },
  // 3 · account and tenant
  account_active: { code: 300, numbers: [], sentence: "Account: active." },
  account_suspended: { code: 310, numbers: [], sentence: "Account: suspended. Refused." },
  tenant_suspended: { code: 311, numbers: [], sentence: "Account: its tenant is suspended. Refused." },
  // 4 · permission
  permission_granted: { code: 400, numbers: [], sentence: "Permission: granted." },
  permission_missing: { code: 410, numbers: [], sentence: "Permission: missing. Refused." },
  origin_refused: {
    code: 411,
    numbers: [],
    sentence: "Permission: a signed-in browser sent this from another site. Refused.",
  },
  scope_missing: {
    code: 412,
    numbers: ["scopes"],
    sentence: "Permission: the key lacks {scopes} of the route's scopes. Refused.",
  },
  // 5 · limits
  limits_passed: {
    code: 500,
    numbers: ["remaining", "limit", "window"],
    sentence: "Limits: {remaining} of {limit} calls per {window} s left, the tightest limit.",
  },
  limits_passed_degraded: {
    code: 501,
    numbers: ["remaining", "limit", "window"],
    sentence:
      "Limits: {remaining} of {limit} calls per {window} s left by this server's own count; the shared one was not reachable.",
  },
  no_limit_applies: { code: 502, numbers: [], sentence: "Limits: none applies." },
  limit_exceeded: {
    code: 510,
    numbers: ["limit", "window", "seconds"],
    sentence: "Limits: {limit} calls per {window} s are used up; the next one gets in after {seconds} s. Refused.",
  },
  // 6 · input
  input_valid: { code: 600, numbers: [], sentence: "Input: valid." },
  input_invalid: { code: 610, numbers: ["fields"], sentence: "Input: {fields} fields are missing or wrong. Refused." },
  input_unreadable: { code: 611, numbers: [], sentence: "Input: the body could not be read. Refused." },
  // 7 · idempotency
  replayed: { code: 700, numbers: [], sentence: "Idempotency: answered as the first request with this key was." },
  idempotency_refused: {
    code: 710,
    numbers: [],
    sentence: "Idempotency: this key is in use, or was used for another body. Refused.",
  },
  // 8 · execution
  executed: { code: 800, numbers: ["status"], sentence: "Execution: answered {status}." },
  failed: { code: 810, numbers: ["status"], sentence: "Execution: ended with {status}." },
  // 9 · route
  route_matched: { code: 900, numbers: [], sentence: "Route: found." },
  route_missing: { code: 910, numbers: [], sentence: "Route: no route of this host has this path. Refused." },
  method_not_routed: {
    code: 911,
    numbers: [],
    sentence: "Route: the path has routes, but none for this method. Refused.",
  },
  not_admitted: {
    code: 912,
    numbers: [],
    sentence:
      "Route: not looked for, because the request could be read in two ways or is of no kind served here. Refused.",
  },
  // 10 · preflight
  preflight_allowed: { code: 1000, numbers: [], sentence: "Preflight: the browser may call from its page." },
  preflight_refused: {
    code: 1010,
    numbers: [],
    sentence: "Preflight: calls from that page's origin are not allowed. Refused.",
  },
  // 11 · service
  service_allowed: { code: 1100, numbers: [], sentence: "Service: the caller may use it." },
  service_refused: { code: 1110, numbers: [], sentence: "Service: the caller has no access to it. Refused." },
  service_inactive: { code: 1111, numbers: [], sentence: "Service: switched off. Refused." },
  // 12 · upstream
  upstream_answered: {
    code: 1200,
    numbers: ["status", "milliseconds", "attempts"],
    sentence: "Upstream: answered {status} after {milliseconds} ms, at attempt {attempts}.",
  },
  upstream_failed: {
    code: 1210,
    numbers: ["attempts"],
    sentence: "Upstream: could not be reached, or gave no answer that can be passed on; tried {attempts} times.",
  },
  upstream_timed_out: {
    code: 1211,
    numbers: ["milliseconds", "attempts"],
    sentence: "Upstream: no answer within {milliseconds} ms, at attempt {attempts}.",
  },
  upstream_loops: {
    code: 1212,
    numbers: [],
    sentence: "Upstream: not called, because the request has come round to this gateway too often.",
  },
  // 13 · delivery
  websocket_closed: {
    code: 1300,
    numbers: ["seconds"],
    sentence: "Delivery: the WebSocket was open for {seconds} s.",
  },
  answer_broke_off: {
    code: 1310,
    numbers: ["bytes"],
    sentence: "Delivery: the upstream's answer broke off after {bytes} bytes.",
  },
  client_left: {
    code: 1311,
    numbers: ["bytes"],
    sentence: "Delivery: the caller left before the answer was complete, after {bytes} bytes.",
  },
} as const satisfies Record<string, { code: number; numbers: readonly string[]; sentence: string }>;

export type DecisionName = keyof typeof decisions;

/** As many numbers as the decision has. */
type NumbersOf<Name extends DecisionName> = AsNumbers<(typeof decisions)[Name]["numbers"]>;
type AsNumbers<Names extends readonly string[]> = Names extends readonly [
  string,
  ...infer Rest extends readonly string[],
]
  ? [number, ...AsNumbers<Rest>]
  : [];

/** Appends a decision and its numbers (whole ones, each in the unit its sentence says) to a trace. */
export function decide<Name extends DecisionName>(trace: number[], name: Name, ...numbers: NumbersOf<Name>): void {
  trace.push(decisions[name].code, ...numbers);
}
