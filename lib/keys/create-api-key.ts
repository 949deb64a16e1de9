import { owningAccount } from "#lib/accounts/owning-account";
import { recordAudit } from "#lib/audit/record-audit";
import { AppError, invalidField } from "#lib/core/errors";
import { newId } from "#lib/core/ids";
import { recordEvent } from "#lib/events/record-event";
import { checkRules } from "#lib/keys/check-rules";
import type { CreateApiKeyBody, IssuedApiKey } from "#lib/keys/contract";
import { effectiveLimits, type StoredLimits, writtenLimits } from "#lib/keys/effective-limits";
import { inheritBounds, requireWithin } from "#lib/keys/key-powers";
import { countApiKeys, insertApiKey, lockAccountKeys, nullLimits } from "#lib/keys/repository";
import { generateSecret, hashSecret, visibleEnds } from "#lib/keys/secret";
import { serializeApiKey } from "#lib/keys/serialize";
import type { Authorized, Context } from "#lib/platform/context";
import { runtime } from "#lib/platform/runtime";
import { writeLimits } from "#lib/rate-limits/translate-limits";
import { nextNumber } from "#lib/tenants/next-number";

export const keysPerAccountMax = 50;

/** Issues a key. Its secret is in the answer and nowhere else: a lost one is replaced, never recovered. */
export async function createApiKey(ctx: Authorized<"keys:write">, body: CreateApiKeyBody): Promise<IssuedApiKey> {
  const { actor, db, now } = ctx;
  const account = await owningAccount(ctx, body.account_id ?? body.customer_id);
  if (body.customer_id !== undefined && (await owningAccount(ctx, body.customer_id)).id !== account.id) {
    throw invalidField("customer_id", "says otherwise than account_id");
  }
  const rules = await newRules(ctx, body, account);

  await lockAccountKeys(db, account.id); // or two callers could both be the fiftieth
  if ((await countApiKeys(db, account.id)) >= keysPerAccountMax) {
    throw new AppError(
      "PLAN_LIMIT_REACHED",
      `An account holds at most ${keysPerAccountMax} keys that are not revoked.`,
    );
  }
  const secret = generateSecret("live");
  const row = await insertApiKey(db, {
    id: newId("key"),
    tenantId: actor.tenantId,
    accountId: account.id,
    number: await nextNumber(db, actor.tenantId, "api_key"),
    name: body.name,
    description: body.description ?? null,
    ...visibleEnds(secret),
    secretHash: hashSecret(runtime().env.KEY_PEPPER, secret),
    ...rules,
    createdBy: actor.id,
    createdAt: now,
    updatedAt: now,
  });
  const key = serializeApiKey(row, now);
  await recordAudit(db, ctx, {
    action: "api_key.created",
    targetType: "api_key",
    targetId: key.id,
    accountId: account.id,
    after: key,
  });
  await recordEvent(db, { tenantId: actor.tenantId, accountId: account.id, type: "api_key.created", data: key, now });
  return { ...key, key: secret };
}

/** The rules of a new key: as written, inherited where a restricted key says nothing, and no more than the caller has. */
async function newRules({ actor, ...ctx }: Context, body: CreateApiKeyBody, account: StoredLimits["account"]) {
  const { permissions, ...written } = await checkRules({ actor, ...ctx }, body, null);
  const said = { ...written, limits: writtenLimits({ limits: null, account }, body, true) ?? [] };
  const {
    scopes = [],
    serviceIds = null,
    allowedIps = [],
    expiresAt = null,
    limits = [],
  } = actor.bounds ? inheritBounds(actor.bounds, said) : said;
  const hasOwnLimits = limits.length > 0;
  requireWithin(actor, {
    permissions,
    scopes,
    serviceIds,
    allowedIps,
    expiresAt,
    limits: hasOwnLimits ? limits : effectiveLimits(null, account.limits),
  });
  return {
    canRead: permissions.read,
    canWrite: permissions.write,
    canAdmin: permissions.admin,
    scopes: [...scopes],
    ...(serviceIds && { serviceIds: [...serviceIds] }),
    allowedIps: [...allowedIps],
    expiresAt,
    limits: hasOwnLimits ? writeLimits(limits) : nullLimits,
  };
}
