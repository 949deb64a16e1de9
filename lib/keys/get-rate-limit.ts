import { notFound } from "#lib/core/errors";
import { effectiveLimits } from "#lib/keys/effective-limits";
import { type ApiKeyRow, findApiKey, findApiKeys } from "#lib/keys/repository";
import type { Authorized } from "#lib/platform/context";
import { runtime } from "#lib/platform/runtime";
import { peekLimits } from "#lib/rate-limits/consume-limits";
import type { RateLimitStatus } from "#lib/rate-limits/contract";
import { describeStatus } from "#lib/rate-limits/describe-limits";

const keysShownMax = 50;

/**
 * Where keys stand with their limits (rules R19): the calling key, the key named, or (a person who names none) the newest 50
 * within reach. Reads the counters; counts nothing.
 */
export async function getRateLimit(
  ctx: Authorized<"limits:read">,
  reference: string | undefined,
): Promise<RateLimitStatus | { data: RateLimitStatus[] }> {
  const { actor, db, now } = ctx;
  const wanted = reference ?? (actor.kind === "api_key" ? actor.id : undefined);
  if (wanted === undefined)
    return {
      data: await statusesOf(actor.tenantId, await findApiKeys(db, actor, { status: "active" }, now, keysShownMax)),
    };

  const row = await findApiKey(db, actor, wanted);
  const [status] = row ? await statusesOf(actor.tenantId, [row]) : [];
  if (!status) throw notFound("API key");
  return status;
}

async function statusesOf(tenantId: string, keys: readonly ApiKeyRow[]): Promise<RateLimitStatus[]> {
  const checks = keys.flatMap((key) => effectiveLimits(key.limits).map((limit) => ({ limit, subject: key.id })));
  const { states } = await peekLimits(runtime().limiter, tenantId, checks);
  return keys.flatMap(
    (key) =>
      describeStatus(
        key,
        states.filter(({ subject }) => subject === key.id),
      ) ?? [],
  );
}
