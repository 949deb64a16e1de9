import { type AppError, type ErrorCode, isAppError } from "#lib/core/errors";
import { refusedKey, type VerifiedKey } from "#lib/keys/verify-api-key";
import type { LimitsDecision } from "#lib/rate-limits/consume-limits";
import { type DecisionName, decide, type decisions } from "#lib/usage/decision-codes";

type Credential = "api_key" | "partner_token";

/** A good key, or a token made from one: the secret it used, the address it came from, its account. */
export function traceAcceptedKey(trace: number[], key: VerifiedKey, credential: Credential = "api_key"): void {
  if (key.triedBy) decide(trace, "explorer_credential_accepted", key.generation);
  else if (credential === "partner_token") decide(trace, "partner_token_accepted", key.generation);
  else if (key.secretExpiresAt) decide(trace, "previous_secret_accepted", key.generation);
  else decide(trace, "key_accepted", key.generation);
  if (key.allowedIps.length === 0) decide(trace, "any_address_allowed");
  else decide(trace, "address_allowed", key.allowedIps.length);
  decide(trace, "account_active");
}

/** Decisions that have no numbers. */
type Plain = {
  [Name in DecisionName]: (typeof decisions)[Name]["numbers"] extends readonly [] ? Name : never;
}[DecisionName];

const refusals: Partial<Record<ErrorCode, Plain>> = {
  API_KEY_INVALID: "key_unknown",
  API_KEY_REVOKED: "key_revoked",
  API_KEY_EXPIRED: "key_expired",
  API_KEY_DISABLED: "key_disabled",
  TOKEN_INVALID: "token_refused",
  AUTH_BACKEND_UNAVAILABLE: "authentication_unavailable",
  ACCOUNT_SUSPENDED: "account_suspended",
  TENANT_SUSPENDED: "tenant_suspended",
};

/** Why a credential was refused; a 429 of the guard stands in for the refusal that was one too many. */
export function traceRefusal(trace: number[], error: AppError): void {
  const { cause } = error.extras;
  const behind = error.code === "RATE_LIMIT_EXCEEDED" && isAppError(cause) ? cause : error;
  const key = refusedKey(behind);
  if (behind.code === "IP_NOT_ALLOWED" && key) {
    decide(trace, "key_accepted", key.generation);
    decide(trace, "address_refused", key.allowedIps.length);
    return;
  }
  const name = refusals[behind.code];
  if (name) decide(trace, name);
}

/** How the limits decided. */
export function traceLimits(trace: number[], { admitted, binding, degraded, retryAfterSeconds }: LimitsDecision): void {
  if (!binding) decide(trace, "no_limit_applies");
  else if (!admitted) decide(trace, "limit_exceeded", binding.limit, binding.windowSeconds, retryAfterSeconds ?? 1);
  else
    decide(
      trace,
      degraded ? "limits_passed_degraded" : "limits_passed",
      binding.remaining,
      binding.limit,
      binding.windowSeconds,
    );
}
