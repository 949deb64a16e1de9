import * as accounts from "#lib/accounts/contract";
import type { Endpoint } from "#lib/core/endpoint";
import * as identity from "#lib/identity/contract";
import * as keys from "#lib/keys/contract";
import * as limits from "#lib/rate-limits/contract";
import * as usage from "#lib/usage/contract";

const isEndpoint = (value: unknown): value is Endpoint =>
  typeof value === "object" && value !== null && "operationId" in value;

/** Every public operation, in the order the docs show them. A new domain is one more name here. */
export const endpoints: readonly Endpoint[] = [keys, limits, usage, accounts, identity]
  .flatMap((contract): unknown[] => Object.values(contract))
  .filter(isEndpoint);
