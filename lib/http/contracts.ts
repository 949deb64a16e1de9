import * as accounts from "#lib/accounts/contract";
import * as catalog from "#lib/catalog/contract";
import type { Endpoint } from "#lib/core/endpoint";
import * as gateways from "#lib/gateways/contract";
import * as identity from "#lib/identity/contract";
import * as keys from "#lib/keys/contract";
import * as partners from "#lib/partners/contract";
import * as policies from "#lib/policies/contract";
import * as limits from "#lib/rate-limits/contract";
import * as routes from "#lib/routes/contract";
import * as services from "#lib/services/contract";
import * as usage from "#lib/usage/contract";

const isEndpoint = (value: unknown): value is Endpoint =>
  typeof value === "object" && value !== null && "operationId" in value;

/** Every public operation, in the order the docs show them. A new domain is one more name here. */
export const endpoints: readonly Endpoint[] = [
  keys,
  limits,
  usage,
  catalog,
  accounts,
  partners,
  services,
  gateways,
  routes,
  policies,
  identity,
]
  .flatMap((contract): unknown[] => Object.values(contract))
  .filter(isEndpoint);
