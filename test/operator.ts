import { newId } from "#lib/core/ids";
import type { Role } from "#lib/core/permissions";
import { signToken } from "#lib/identity/tokens";
import { onPlatform } from "#lib/platform/db";
import { nextNumber } from "#lib/tenants/next-number";

/** Makes a person in a role (by default an operator) and returns the user JWT of a session of theirs. */
export async function tokenOf(
  tenantId: string,
  role: Exclude<Role, "reseller"> = "tenant_admin",
  accountId: string | null = null,
): Promise<string> {
  const now = new Date();
  const userId = newId("usr");
  const sessionId = newId("ses");
  const expiresAt = new Date(now.getTime() + 3_600_000);
  await onPlatform(async (tx) => {
    const email = `${userId.slice(4).toLowerCase()}@example.com`;
    await tx.user.create({ data: { id: userId, email, name: "Olga", emailVerifiedAt: now } });
    await tx.membership.create({ data: { id: newId("mem"), tenantId, accountId, userId, role } });
    await tx.session.create({ data: { id: sessionId, userId, kind: "program", expiresAt, lastSeenAt: now } });
  });
  return signToken("user", { subject: userId, sessionId }, 3600, now);
}

/** Services of a tenant, numbered in this order; their ids by name. */
export async function addServices<Name extends string>(
  tenantId: string,
  names: readonly Name[],
): Promise<Record<Name, string>> {
  return onPlatform(async (tx) => {
    const ids: Partial<Record<Name, string>> = {};
    for (const name of names) {
      const id = newId("svc");
      const number = await nextNumber(tx, tenantId, "service");
      await tx.service.create({
        data: { id, tenantId, number, name, displayName: name, baseUrl: "http://127.0.0.1:9" },
      });
      ids[name] = id;
    }
    return ids as Record<Name, string>;
  });
}
