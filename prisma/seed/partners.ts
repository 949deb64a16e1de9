import { createPartner } from "#lib/partners/create-partner";
import { authorize, type Context } from "#lib/platform/context";
import type { Db } from "#lib/platform/db";
import { nextNumber } from "#lib/tenants/next-number";

/** S4's partners, under the names that its pages and `demo-keys.json` call them by. */
const partners = {
  premium: {
    name: "Premium Partner",
    allowed_services: ["users", "posts", "comments", "todos", "albums", "photos"],
    rate_limit: 100,
  },
  basic: { name: "Basic Partner", allowed_services: ["users", "posts"], rate_limit: 30 },
  todo: { name: "Todo App", allowed_services: ["todos"], rate_limit: 50 },
};

/** Returns the secrets of their keys. */
export async function seedPartners(ctx: Context): Promise<Record<keyof typeof partners, string>> {
  const partnerCtx = authorize(ctx, "partners:write");
  const premium = await createPartner(partnerCtx, partners.premium);
  const basic = await createPartner(partnerCtx, partners.basic);
  const todo = await createPartner(partnerCtx, partners.todo);
  return { premium: premium.api_key, basic: basic.api_key, todo: todo.api_key };
}

/**
 * In a new tenant, S4's pages come true to the number: its partners are accounts 1, 2 and 3. The operator's own account, which
 * nobody names by its number, comes after them.
 */
export async function numberFromOne<T>(tx: Db, tenantId: string, make: () => Promise<T>): Promise<T> {
  await tx.account.updateMany({ where: { tenantId }, data: { number: 0 } });
  await tx.numberSequence.deleteMany({ where: { tenantId, kind: "account" } });
  const made = await make();
  await tx.account.updateMany({
    where: { tenantId, number: 0 },
    data: { number: await nextNumber(tx, tenantId, "account") },
  });
  return made;
}
