import { recordAudit } from "#lib/audit/record-audit";
import { AppError, notFound } from "#lib/core/errors";
import { recordEvent } from "#lib/events/record-event";
import type { ApiKey } from "#lib/keys/contract";
import { describeApiKey } from "#lib/keys/describe-api-key";
import { powersOf, requireWithin } from "#lib/keys/key-powers";
import { type ApiKeyChange, type ApiKeyRow, changeApiKey, findApiKey } from "#lib/keys/repository";
import { notifyChange } from "#lib/platform/changes";
import type { Authorized } from "#lib/platform/context";

/** What to write, or null when the key already is as asked: a repeat is harmless and leaves no second record. */
export type Decide = (row: ApiKeyRow) => ApiKeyChange | null | Promise<ApiKeyChange | null>;

export interface KeyDeed {
  /** noun.past, for the audit log and the event. */
  action: string;
  /** Refused on a key that may do more than the caller may: with its secret or its rules they would be it. Ending one is not. */
  isPowerNeeded: boolean;
}

/**
 * The one way a key changes: found within reach and locked, decided upon, written, audited, announced to subscribers, and
 * pushed to every process, all in the caller's transaction.
 */
export async function changeKey(
  ctx: Authorized<"keys:write">,
  reference: string,
  { action, isPowerNeeded }: KeyDeed,
  decide: Decide,
): Promise<ApiKey> {
  const { db, now, actor } = ctx;
  const row = await findApiKey(db, actor, reference, "forUpdate");
  if (!row) throw notFound("API key");
  const change = await decide(row);
  const before = await describeApiKey(db, row, now);
  if (!change) return before;

  const changed = await changeApiKey(db, row.id, { ...change, updatedAt: now });
  if (isPowerNeeded) requireWithin(actor, powersOf(changed)); // as it is now; throwing undoes it
  const after = await describeApiKey(db, changed, now);
  await recordAudit(db, ctx, {
    action,
    targetType: "api_key",
    targetId: row.id,
    accountId: row.accountId,
    before,
    after,
  });
  await recordEvent(db, { tenantId: row.tenantId, accountId: row.accountId, type: action, data: after, now });
  await notifyChange(db, { kind: "key", id: row.id });
  return after;
}

/** Revocation is final: a key that leaked must not come back by a click. */
export function requireNotRevoked(row: ApiKeyRow): void {
  if (row.status === "revoked") throw new AppError("CONFLICT", "The key is revoked, which is final. Create a new one.");
}
