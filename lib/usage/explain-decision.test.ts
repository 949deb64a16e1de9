import { expect, test } from "vitest";
import { decide, decisions } from "#lib/usage/decision-codes";
import { explainDecisions } from "#lib/usage/explain-decision";

test("a trace reads as sentences with its numbers", () => {
  const trace: number[] = [];
  decide(trace, "key_accepted", 2);
  decide(trace, "permission_granted");
  decide(trace, "limit_exceeded", 60, 60, 12);
  expect(explainDecisions(trace)).toEqual([
    "Authentication: the API key is good (its secret number 2).",
    "Permission: granted.",
    "Limits: 60 calls per 60 s are used up; the next one gets in after 12 s. Refused.",
  ]);
});

test("every decision uses all its numbers, and no two share a code", () => {
  for (const { numbers, sentence } of Object.values(decisions)) {
    expect([...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted()).toEqual([...numbers].toSorted());
  }
  expect(new Set(Object.values(decisions).map(({ code }) => code)).size).toBe(Object.keys(decisions).length);
});

test("a code from a newer version ends the explanation instead of misreading what follows", () => {
  expect(explainDecisions([400, 99_999, 100, 1])).toEqual([
    "Permission: granted.",
    "Further checks were made, which this version cannot read.",
  ]);
});

test("stored codes keep their meaning: a change here rewrites history", () => {
  const table = Object.entries(decisions).map(([name, { code, numbers }]) => [code, name, ...numbers].join(" "));
  expect(table).toMatchInlineSnapshot(`
    [
      "100 key_accepted generation",
      "101 previous_secret_accepted generation",
      "102 session_accepted",
      "103 user_token_accepted",
      "104 partner_token_accepted generation",
      "105 anonymous_accepted",
      "106 explorer_credential_accepted generation",
      "110 credential_missing",
      "111 key_unknown",
      "112 key_revoked",
      "113 key_expired",
      "114 key_disabled",
      "115 token_refused",
      "116 authentication_unavailable",
      "117 guesses_exhausted seconds",
      "200 any_address_allowed",
      "201 address_allowed entries",
      "210 address_refused entries",
      "300 account_active",
      "310 account_suspended",
      "311 tenant_suspended",
      "400 permission_granted",
      "410 permission_missing",
      "411 origin_refused",
      "412 scope_missing scopes",
      "500 limits_passed remaining limit window",
      "501 limits_passed_degraded remaining limit window",
      "502 no_limit_applies",
      "510 limit_exceeded limit window seconds",
      "600 input_valid",
      "610 input_invalid fields",
      "611 input_unreadable",
      "700 replayed",
      "710 idempotency_refused",
      "800 executed status",
      "810 failed status",
      "900 route_matched",
      "910 route_missing",
      "911 method_not_routed",
      "912 not_admitted",
      "1000 preflight_allowed",
      "1010 preflight_refused",
      "1100 service_allowed",
      "1110 service_refused",
      "1111 service_inactive",
      "1200 upstream_answered status milliseconds attempts",
      "1210 upstream_failed attempts",
      "1211 upstream_timed_out milliseconds attempts",
      "1212 upstream_loops",
      "1300 websocket_closed seconds",
      "1310 answer_broke_off bytes",
      "1311 client_left bytes",
    ]
  `);
});
