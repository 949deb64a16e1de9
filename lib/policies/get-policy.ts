import type { Authorized } from "#lib/platform/context";
import type { Policy } from "#lib/policies/contract";
import { requirePolicy } from "#lib/policies/require-policy";
import { serializePolicy } from "#lib/policies/serialize";

/** One policy by its id. */
export async function getPolicy(ctx: Authorized<"gateways:read">, id: string): Promise<Policy> {
  return serializePolicy(await requirePolicy(ctx, id));
}
