import type { OutputOf } from "#lib/core/endpoint";
import { notFound } from "#lib/core/errors";
import { personName } from "#lib/identity/person-name";
import { effectiveLimits } from "#lib/keys/effective-limits";
import { type ApiKeyRow, findApiKey } from "#lib/keys/repository";
import type { Authorized } from "#lib/platform/context";
import { runtime } from "#lib/platform/runtime";
import { peekLimits } from "#lib/rate-limits/consume-limits";
import type { whoAmI as contract } from "#lib/rate-limits/contract";
import type { LimitCheck } from "#lib/rate-limits/counter";
import { describeLimit } from "#lib/rate-limits/describe-limits";
import { personLimits } from "#lib/rate-limits/person-limits";

/** Who the credential is, what it may do, and every limit this call was counted against. */
export async function whoAmI(ctx: Authorized<"self:read">): Promise<OutputOf<typeof contract>> {
  const { actor } = ctx;
  const key = actor.kind === "api_key" ? await findApiKey(ctx.db, actor, actor.id) : null;
  if (actor.kind === "api_key" && !key) throw notFound("API key");
  const checks: LimitCheck[] = (key ? effectiveLimits(key.limits, key.account.limits) : personLimits).map((limit) => ({
    limit,
    subject: actor.id,
  }));
  const { states, binding } = await peekLimits(runtime().limiter, actor.tenantId, checks);
  return {
    kind: key ? "api_key" : "user",
    id: actor.id,
    name: key ? key.name : await personName(actor.id),
    tenant_id: actor.tenantId,
    account_id: actor.accountId,
    role: actor.role,
    permissions: [...actor.permissions],
    api_key: key && describeKey(key),
    limits: states.map(describeLimit),
    binding_limit: binding ? describeLimit(binding) : null,
  };
}

function describeKey(key: ApiKeyRow) {
  return {
    id: key.id,
    name: key.name,
    permissions: { read: key.canRead, write: key.canWrite, admin: key.canAdmin },
    scopes: key.scopes,
    service_ids: key.serviceIds as string[] | null,
    expires_at: key.expiresAt?.toISOString() ?? null,
  };
}
