import { newId } from "#lib/core/ids";
import { demoAccounts } from "#lib/identity/demo-accounts";
import type { Db } from "#lib/platform/db";
import { nextNumber } from "#lib/tenants/next-number";

/** A reseller, its customer, and five people, in the order of `demoAccounts`. Returns the customer's id. */
export async function seedPeople(tx: Db, tenantId: string, passwordHash: string): Promise<string> {
  const account = async (kind: string, name: string, parentId: string | null = null) => {
    const id = newId("acct");
    const number = await nextNumber(tx, tenantId, "account");
    await tx.account.create({ data: { id, tenantId, kind, name, parentId, number } });
    return id;
  };
  const resellerId = await account("reseller", "Harbour Resale");
  const customerId = await account("customer", "Brightwater Labs", resellerId);
  const memberships = [
    { role: "super_admin", accountId: null },
    { role: "tenant_admin", accountId: null },
    { role: "owner", accountId: resellerId },
    { role: "owner", accountId: customerId },
    { role: "developer", accountId: customerId },
  ];
  for (const [at, { email, name }] of demoAccounts.entries()) {
    const userId = newId("usr");
    await tx.user.create({ data: { id: userId, email, name, passwordHash, emailVerifiedAt: new Date() } });
    const { role, accountId } = memberships[at] ?? { role: "developer", accountId: customerId };
    await tx.membership.create({ data: { id: newId("mem"), tenantId, accountId, userId, role } });
  }
  return customerId;
}
