import type { z } from "zod";
import {
  authenticationConfiguration,
  type CredentialKind,
  type Policy,
  type PolicyKind,
  type RateLimitConfiguration,
  rateLimitConfiguration,
} from "#lib/policies/contract";
import { type Cors, corsBody } from "#lib/policies/cors-body";
import { limitText } from "@/components/keys/key-facts";

export const policyKindNames: Record<PolicyKind, string> = {
  authentication: "Authentication",
  rate_limit: "Rate limit",
  cors: "CORS",
};

export const credentialNames: Record<CredentialKind, string> = {
  api_key: "API key",
  partner_token: "Partner token",
  anonymous: "No credential",
};

export const countedByNames: Record<RateLimitConfiguration["count_by"], string> = {
  api_key: "each API key",
  account: "each account",
  ip: "each network address",
  route: "the whole route",
};

/** What holds for a route without a policy of a kind. */
export const withoutPolicy: Record<PolicyKind, string> = {
  authentication: "API key or partner token",
  rate_limit: "1,000/min, burst 100, for each API key",
  cors: "As the gateway says",
};

/** What a policy does, in a line. */
export function policyText({ kind, configuration }: Pick<Policy, "kind" | "configuration">): string {
  switch (kind) {
    case "authentication":
      return authenticationText(authenticationConfiguration.parse(configuration));
    case "rate_limit":
      return rateLimitText(rateLimitConfiguration.parse(configuration));
    case "cors":
      return corsText(corsBody.parse(configuration));
  }
}

const either = new Intl.ListFormat("en", { type: "disjunction" });

function authenticationText({ accept, required_scopes }: z.output<typeof authenticationConfiguration>): string {
  const [first = "", ...others] = accept.map((kind) => credentialNames[kind]);
  const credentials = either.format([
    first,
    ...others.map((name) => (name.startsWith("API") ? name : name.toLowerCase())),
  ]);
  return required_scopes.length === 0 ? credentials : `${credentials}, with ${required_scopes.join(", ")}`;
}

function rateLimitText({ limits, count_by }: RateLimitConfiguration): string {
  if (limits.length === 0) return "No limit of the route’s own";
  return `${limits.map(limitText).join(" · ")}, for ${countedByNames[count_by]}`;
}

const corsText = ({ allowed_origins, allow_credentials }: Cors) =>
  `${originsText(allowed_origins)}${allow_credentials ? ", with cookies" : ""}`;

/** Who may call from a browser: "Any origin", "https://a.com and 2 more". */
export function originsText(origins: readonly string[]): string {
  const [first = "No origin"] = origins;
  if (origins.includes("*")) return "Any origin";
  return origins.length <= 1 ? first : `${first} and ${origins.length - 1} more`;
}
