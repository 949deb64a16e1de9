import { AppError, invalidField } from "#lib/core/errors";
import { claimDomainNames, lockDomains, releaseUnusedDomains } from "#lib/gateways/repository";
import type { Context } from "#lib/platform/context";
import { runtime } from "#lib/platform/runtime";

/** Each domain once, as written by the contract (lower case). The portal's own host is refused: it would take the portal away. */
export function checkDomains(written: readonly string[]): string[] {
  const portal = new URL(runtime().env.PUBLIC_URL).hostname;
  const at = written.indexOf(portal);
  if (at !== -1)
    throw invalidField(`domains/${at}`, "is the portal's own host; what serves there is decided by serve_on_portal");
  return [...new Set(written)];
}

/** Makes the domains the tenant's. One that another tenant has is a CONFLICT that says nothing of whose it is. */
export async function claimDomains({ db, actor }: Context, names: readonly string[]): Promise<void> {
  await lockDomains(db, actor.tenantId); // or it could be released while it is claimed again
  const owned = await claimDomainNames(db, actor.tenantId, names);
  const foreign = names.find((name) => !owned.includes(name));
  if (foreign !== undefined) throw new AppError("CONFLICT", `The domain ${foreign} belongs to another operator.`);
}

/** Gives up the domains that no gateway of the tenant has any more. Call it after the gateway was written. */
export async function releaseDomains({ db, actor }: Context): Promise<void> {
  await lockDomains(db, actor.tenantId);
  await releaseUnusedDomains(db, actor.tenantId);
}
