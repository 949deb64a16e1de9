import { type Role, seesWholeTenant } from "#lib/core/permissions";

/** Whose figures a page shows: "Requests and errors of your account and your customers." */
export function scopeText(what: string, role: Role | null): string {
  if (role && seesWholeTenant(role)) return `${what} of every account of the tenant.`;
  return `${what} of your account${role === "reseller" ? " and your customers" : ""}.`;
}
