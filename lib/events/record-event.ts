import { newId } from "#lib/core/ids";
import type { Db } from "#lib/platform/db";
import type { Prisma } from "../../.prisma-client/client.ts";

/** Something that happened, for whoever subscribes. `type` is noun.past; `data` is the thing as the API shows it, never a secret. */
export interface NewEvent {
  tenantId: string;
  accountId: string | null;
  type: string;
  data: object;
  now: Date;
}

/** Writes the event in the transaction of what happened (transactional outbox). */
export async function recordEvent(tx: Db, event: NewEvent): Promise<void> {
  const { now, data, ...rest } = event;
  await tx.domainEvent.create({
    data: { id: newId("evt"), ...rest, data: data as Prisma.InputJsonObject, createdAt: now },
  });
}
