import { recordAudit } from "#lib/audit/record-audit";
import { findFirstMembership } from "#lib/identity/repository";
import type { Visitor } from "#lib/identity/visitor";
import type { Db } from "#lib/platform/db";

/** Records what a person did to their own sign-in before a tenant was chosen: it goes to the tenant of their first membership. */
export async function recordPersonalAudit(
  tx: Db,
  visitor: Visitor,
  userId: string,
  action: string,
  target: { type: string; id: string },
): Promise<void> {
  const membership = await findFirstMembership(tx, userId);
  if (!membership) return;
  const { tenantId, accountId } = membership;
  const actor = { kind: "user", id: userId, tenantId };
  await recordAudit(tx, { ...visitor, actor }, { action, targetType: target.type, targetId: target.id, accountId });
}
