import type { Actor } from "#lib/core/actor";
import { AppError } from "#lib/core/errors";
import { permissionsOfRole, type Role, seesWholeTenant } from "#lib/core/permissions";
import {
  type AccountState,
  defaultTenant,
  type Person,
  type PersonMembership,
  type TenantState,
} from "#lib/identity/global-lookups";
import { runtime } from "#lib/platform/runtime";

/** Which of a person's memberships to act in: the headers Portico-Account and Portico-Tenant. */
export interface Selection {
  accountId?: string;
  tenantId?: string;
}

/** One membership with what it is in, as it stands now. */
export interface Standing {
  membership: PersonMembership;
  role: Role;
  tenant: TenantState;
  account: AccountState | null;
}

/**
 * The membership a person acts in (rules R8): the selected one, else the first that is not suspended. A super admin acts for the
 * selected tenant, else the default one. Throws PERMISSION_DENIED for a selection that is not theirs, and when there is none.
 */
export async function selectMembership(person: Person, selection: Selection): Promise<Standing> {
  const all = await standingsOf(person);
  const superAdmin = all.find(({ role }) => role === "super_admin");
  if (superAdmin && selection.accountId === undefined) return actForTenant(superAdmin, selection.tenantId);
  const fitting = all.filter(({ membership: { accountId, tenantId } }) => {
    return (selection.accountId ?? accountId) === accountId && (selection.tenantId ?? tenantId) === tenantId;
  });
  const chosen = fitting.find((standing) => !isSuspended(standing)) ?? fitting[0];
  if (!chosen) throw new AppError("PERMISSION_DENIED", "You are not a member of that account, or of any.");
  return chosen;
}

/** Every membership of a person whose account and tenant exist, oldest first. */
export async function standingsOf(person: Person): Promise<Standing[]> {
  const { accounts, tenants } = runtime().identity;
  const standings = person.memberships.map(async (membership) => {
    const [tenant, account] = await Promise.all([
      tenants.get(membership.tenantId),
      membership.accountId === null ? null : accounts.get(membership.accountId),
    ]);
    return tenant && account !== undefined
      ? { membership, role: roleOf(membership, account), tenant, account }
      : undefined;
  });
  return (await Promise.all(standings)).filter((standing) => standing !== undefined);
}

async function actForTenant(standing: Standing, tenantId: string | undefined): Promise<Standing> {
  const tenant = await runtime().identity.tenants.get(tenantId ?? defaultTenant);
  // The cache knows tenants by other names too; the header takes ids only.
  if (!tenant || tenant.id !== (tenantId ?? tenant.id))
    throw new AppError("PERMISSION_DENIED", "There is no such tenant.");
  return { ...standing, tenant };
}

/** `reseller` is what an owner of a reseller account is. */
function roleOf({ role }: PersonMembership, account: AccountState | null): Role {
  return role === "owner" && account?.kind === "reseller" ? "reseller" : role;
}

const isSuspended = ({ account, tenant }: Standing) => account?.status === "suspended" || tenant.status === "suspended";

/** The actor a person is in one membership. Throws ACCOUNT_SUSPENDED or TENANT_SUSPENDED; a super admin is above its tenants. */
export function actorOf(person: Person, standing: Standing, proof: Pick<Actor, "via" | "sessionId">): Actor {
  const { membership, role, tenant, account } = standing;
  if (person.status === "suspended") throw new AppError("ACCOUNT_SUSPENDED", "This sign-in is suspended.");
  if (account?.status === "suspended")
    throw new AppError("ACCOUNT_SUSPENDED", `The account ${account.name} is suspended.`);
  if (tenant.status === "suspended" && role !== "super_admin")
    throw new AppError("TENANT_SUSPENDED", `${tenant.name} is suspended.`);
  return {
    kind: "user",
    id: person.id,
    tenantId: tenant.id,
    accountId: membership.accountId,
    role,
    permissions: new Set(permissionsOfRole[role]),
    grants: { read: true, write: true, admin: seesWholeTenant(role) },
    reach: seesWholeTenant(role) || membership.accountId === null ? "*" : membership.accountId,
    ...proof,
  };
}
