import type { Actor } from "#lib/core/actor";
import { newId } from "#lib/core/ids";
import { permissionsOfRole, type Role } from "#lib/core/permissions";
import { createApiKey } from "#lib/keys/create-api-key";
import { authorize } from "#lib/platform/context";
import { type Db, inTenant, onPlatform } from "#lib/platform/db";
import { nextNumber } from "#lib/tenants/next-number";

/** A tenant with one of every kind of account; `customer` belongs to `reseller`, `stranger` to nobody. */
export interface TestTenant {
  tenantId: string;
  internal: string;
  reseller: string;
  customer: string;
  stranger: string;
}

export interface World {
  one: TestTenant;
  two: TestTenant;
}

/** Two tenants with the same accounts in each, so that whatever leaks from one to the other can be told. The first is the default. */
export async function createWorld(): Promise<World> {
  return onPlatform(async (tx) => ({
    one: await createTenant(tx, "one", true),
    two: await createTenant(tx, "two", false),
  }));
}

async function createTenant(tx: Db, slug: string, isDefault: boolean): Promise<TestTenant> {
  const tenantId = newId("tn");
  await tx.tenant.create({ data: { id: tenantId, slug, name: `Tenant ${slug}`, isDefault } });
  const account = async (kind: string, parentId: string | null = null) => {
    const id = newId("acct");
    await tx.account.create({
      data: {
        id,
        tenantId,
        kind,
        name: `${kind} of ${slug}`,
        parentId,
        number: await nextNumber(tx, tenantId, "account"),
      },
    });
    return id;
  };
  const internal = await account("internal");
  const reseller = await account("reseller");
  return {
    tenantId,
    internal,
    reseller,
    customer: await account("customer", reseller),
    stranger: await account("customer"),
  };
}

/** A signed-in person in a role, without the signing in. */
export function personOf(tenantId: string, role: Role, accountId: string | null): Actor {
  const isOperator = role === "tenant_admin" || role === "super_admin";
  return {
    kind: "user",
    id: newId("usr"),
    tenantId,
    accountId,
    role,
    permissions: new Set(permissionsOfRole[role]),
    grants: { read: true, write: true, admin: isOperator },
    reach: isOperator || accountId === null ? "*" : accountId,
    via: "user_jwt",
    sessionId: newId("ses"),
  };
}

/** Issues a key for an account, as its tenant's operator would. */
export async function issueKey(
  tenantId: string,
  accountId: string,
  body: Partial<Parameters<typeof createApiKey>[1]> = {},
) {
  const actor = personOf(tenantId, "tenant_admin", null);
  return inTenant({ tenantId, reach: "*" }, (db) => {
    const ctx = authorize(
      { actor, db, now: new Date(), requestId: newId("req"), ipAddress: "192.0.2.1", userAgent: null },
      "keys:write",
    );
    return createApiKey(ctx, { name: "Test key", account_id: accountId, ...body });
  });
}
