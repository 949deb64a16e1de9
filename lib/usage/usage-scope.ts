import { AppError } from "#lib/core/errors";
import type { Authorized } from "#lib/platform/context";
import { runtime } from "#lib/platform/runtime";
import type { UsageFilter, UsageScope } from "#lib/usage/conditions";
import { findAccountsInReach, findUsedKeys } from "#lib/usage/repository";

const freshnessTimeoutMs = 300;

/** Whose usage the caller may see, once what this process has recorded until now can be seen at all (or could not be shipped). */
export async function freshUsageScope(ctx: Authorized<"usage:read">): Promise<UsageScope> {
  await runtime().usage.shipped(freshnessTimeoutMs);
  const { tenantId, reach } = ctx.actor;
  return { tenantId, accountIds: await findAccountsInReach(ctx.db, tenantId, reach) };
}

/** All of the tenant's, for those who reach all of it. */
export async function wholeTenantScope(ctx: Authorized<"usage:read">): Promise<UsageScope> {
  if (ctx.actor.reach !== "*") throw new AppError("PERMISSION_DENIED", "This is for administrators of the tenant.");
  return freshUsageScope(ctx);
}

/** The keys a list is to be filtered by. One that is not there, or not the caller's to see, has made no requests. */
export async function filteredKeys(
  ctx: Authorized<"usage:read">,
  scope: UsageScope,
  references: string | readonly string[] | undefined,
): Promise<UsageFilter["apiKeys"]> {
  return references === undefined ? undefined : findUsedKeys(ctx.db, scope, [references].flat());
}
