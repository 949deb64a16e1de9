import type { Authorized } from "#lib/platform/context";
import { runtime } from "#lib/platform/runtime";
import { findAccountsInReach, findUsedKey, type UsageFilter, type UsageScope } from "#lib/usage/repository";

const freshnessTimeoutMs = 300;

/** Whose usage the caller may see, once what this process has recorded until now can be seen at all (or could not be shipped). */
export async function freshUsageScope(ctx: Authorized<"usage:read">): Promise<UsageScope> {
  await runtime().usage.shipped(freshnessTimeoutMs);
  const { tenantId, reach } = ctx.actor;
  return { tenantId, accountIds: await findAccountsInReach(ctx.db, tenantId, reach) };
}

/** The key a list is to be filtered by. One that is not there, or not the caller's to see, has made no requests. */
export async function filteredKey(
  ctx: Authorized<"usage:read">,
  scope: UsageScope,
  reference: string | undefined,
): Promise<UsageFilter["apiKey"]> {
  if (reference === undefined) return undefined;
  return (await findUsedKey(ctx.db, scope, reference, true)) ?? { id: "", accountId: "" };
}
