import { invalidField } from "#lib/core/errors";
import {
  authenticationConfiguration,
  type Policy,
  type PolicyKind,
  rateLimitConfiguration,
} from "#lib/policies/contract";
import { corsBody } from "#lib/policies/cors-body";
import { readLimits } from "#lib/rate-limits/translate-limits";

const schemas = { authentication: authenticationConfiguration, rate_limit: rateLimitConfiguration, cors: corsBody };

/** A configuration as it is stored, complete. Refused where it is of another kind, and at a limit that is none. */
export function checkConfiguration(kind: PolicyKind, written: unknown): Policy["configuration"] {
  const parsed = schemas[kind].safeParse(written);
  if (!parsed.success) throw invalidField("configuration", `does not fit a policy of kind ${kind}, which stays`);
  const configuration = parsed.data;
  if ("limits" in configuration) readLimits(configuration.limits, "configuration/limits");
  return configuration;
}
