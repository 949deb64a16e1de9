import type { Authorized } from "#lib/platform/context";
import { runtime } from "#lib/platform/runtime";
import { findAccountsInReach, type UsageScope } from "#lib/usage/repository";

const freshnessTimeoutMs = 300;

/** Whose usage the caller may see, once what this process has recorded until now can be seen at all (or could not be shipped). */
export async function freshUsageScope(ctx: Authorized<"usage:read">): Promise<UsageScope> {
  await runtime().usage.shipped(freshnessTimeoutMs);
  const { tenantId, reach } = ctx.actor;
  return { tenantId, accountIds: await findAccountsInReach(ctx.db, tenantId, reach) };
}
