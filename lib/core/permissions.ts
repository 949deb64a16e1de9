/** Everything the platform lets somebody do, as noun:verb. */
export const permissions = [
  "keys:read",
  "keys:write",
  "usage:read",
  "limits:read",
  "accounts:read",
  "accounts:write",
  "catalog:read",
  "services:read",
  "services:write",
  "gateways:read",
  "gateways:write",
  "partners:read",
  "partners:write",
  "audit:read",
  "self:read",
  "self:write",
] as const;

export type Permission = (typeof permissions)[number];

/** The role a person plays through one membership. `reseller` is an owner of a reseller account. */
export const roles = ["developer", "owner", "reseller", "tenant_admin", "super_admin"] as const;

export type Role = (typeof roles)[number];

const member: readonly Permission[] = [
  "self:read",
  "self:write",
  "keys:read",
  "keys:write",
  "usage:read",
  "limits:read",
  "catalog:read",
];
const owner: readonly Permission[] = [...member, "accounts:read", "audit:read"];
const reseller: readonly Permission[] = [...owner, "accounts:write"];

/**
 * The one table of who may do what. Whose things somebody may do it to is the other half: an account sees itself, a reseller
 * its subtree, a tenant admin the tenant (row-level security stands behind it).
 */
export const permissionsOfRole: Record<Role, readonly Permission[]> = {
  developer: member,
  owner,
  reseller,
  tenant_admin: permissions,
  super_admin: permissions,
};

/** Whether a role reaches every account of its tenant, rather than its own account or subtree. */
export function seesWholeTenant(role: Role): boolean {
  return role === "tenant_admin" || role === "super_admin";
}

const readOnly = new Set<Permission>(permissions.filter((permission) => permission.endsWith(":read")));

/** What a key may do on the management API (rules R5): read = reading, write = the other methods, within its account. */
export function permissionsOfKey(flags: { read: boolean; write: boolean }): ReadonlySet<Permission> {
  return new Set(owner.filter((permission) => (readOnly.has(permission) ? flags.read : flags.write)));
}
