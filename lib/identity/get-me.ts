import type { Me } from "#lib/identity/contract";
import type { AccountState, TenantState } from "#lib/identity/global-lookups";
import { standingsOf } from "#lib/identity/select-membership";
import type { Authorized } from "#lib/platform/context";
import { runtime } from "#lib/platform/runtime";

/** Who is asking, what they may do, and where else they belong. */
export async function getMe(ctx: Authorized<"self:read">): Promise<Me> {
  const { actor } = ctx;
  const { people, accounts, tenants } = runtime().identity;
  const [person, account, tenant] = await Promise.all([
    actor.kind === "user" ? people.get(actor.id) : undefined,
    actor.accountId === null ? undefined : accounts.get(actor.accountId),
    tenants.get(actor.tenantId),
  ]);
  const standings = person ? await standingsOf(person) : [];
  return {
    user: person ? { id: person.id, email: person.email, name: person.name } : null,
    role: actor.role,
    permissions: [...actor.permissions],
    tenant: showTenant(tenant),
    account: showAccount(account),
    memberships: standings.map((standing) => ({
      id: standing.membership.id,
      role: standing.role,
      tenant: { id: standing.tenant.id, name: standing.tenant.name, slug: standing.tenant.slug },
      account: showAccount(standing.account),
      is_current: standing.tenant.id === actor.tenantId && (standing.account?.id ?? null) === actor.accountId,
    })),
    session_id: actor.sessionId,
  };
}

const showTenant = (tenant: TenantState | undefined) =>
  tenant ? { id: tenant.id, name: tenant.name, slug: tenant.slug } : null;

const showAccount = (account: AccountState | null | undefined) =>
  account ? { id: account.id, number: account.number, name: account.name, kind: account.kind } : null;
