import { recordAudit } from "#lib/audit/record-audit";
import { recordEvent } from "#lib/events/record-event";
import { notifyChange } from "#lib/platform/changes";
import type { Context } from "#lib/platform/context";

/** What happened to one thing of the gateways' configuration, as the API shows it. */
export interface ConfigurationChange {
  /** noun.past, e.g. `route.updated`. */
  action: string;
  targetType: "gateway" | "route" | "service" | "service_target" | "policy";
  targetId: string;
  before?: object;
  after?: object;
}

/** Audits a change of the configuration, announces it to subscribers and has every gateway load it, all when the transaction commits. */
export async function recordChange(ctx: Context, change: ConfigurationChange): Promise<void> {
  const { db, actor, now } = ctx;
  const { action, targetId, before, after } = change;
  await recordAudit(db, ctx, { ...change, accountId: null });
  await recordEvent(db, {
    tenantId: actor.tenantId,
    accountId: null,
    type: action,
    data: after ?? before ?? { id: targetId },
    now,
  });
  await notifyChange(db, { kind: "gateway", id: targetId });
}
