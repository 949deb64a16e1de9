import { newId } from "#lib/core/ids";
import type { Context } from "#lib/platform/context";
import type { Db } from "#lib/platform/db";
import type { Prisma } from "../../.prisma-client/client.ts";

/** What was done to what. `before` and `after` hold the changed fields as the API shows them, never a secret. */
export interface AuditedDeed {
  /** noun.past, e.g. `api_key.created`. */
  action: string;
  targetType: string;
  targetId: string;
  accountId: string | null;
  before?: object;
  after?: object;
}

/** The part of a context that says who, when and from where. */
export type AuditOrigin = Pick<Context, "now" | "requestId" | "ipAddress"> & {
  actor: { kind: string; id: string; tenantId: string };
};

/** Writes who did what, in the same transaction as the deed: no deed without its record, no record without its deed. */
export async function recordAudit(tx: Db, origin: AuditOrigin, deed: AuditedDeed): Promise<void> {
  await tx.auditEntry.create({
    data: {
      id: newId("aud"),
      tenantId: origin.actor.tenantId,
      accountId: deed.accountId,
      actorKind: origin.actor.kind,
      actorId: origin.actor.id,
      action: deed.action,
      targetType: deed.targetType,
      targetId: deed.targetId,
      ...(deed.before && { before: deed.before as Prisma.InputJsonObject }),
      ...(deed.after && { after: deed.after as Prisma.InputJsonObject }),
      requestId: origin.requestId,
      ipAddress: origin.ipAddress,
      createdAt: origin.now,
    },
  });
}
