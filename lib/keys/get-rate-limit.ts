import type { InputOf } from "#lib/core/endpoint";
import { notFound } from "#lib/core/errors";
import { decodeTimeCursor, encodeCursor, type Page, page } from "#lib/core/pagination";
import { effectiveLimits } from "#lib/keys/effective-limits";
import { type ApiKeyRow, findApiKey, findApiKeys } from "#lib/keys/repository";
import type { Authorized } from "#lib/platform/context";
import { runtime } from "#lib/platform/runtime";
import { peekLimits } from "#lib/rate-limits/consume-limits";
import type { getRateLimit as contract, RateLimitStatus } from "#lib/rate-limits/contract";
import { describeStatus } from "#lib/rate-limits/describe-limits";

/**
 * Where keys stand with their limits (rules R19): the calling key, the key named, or (a person who names none) every active key
 * within reach, newest first. Reads the counters; counts nothing.
 */
export async function getRateLimit(
  ctx: Authorized<"limits:read">,
  query: InputOf<typeof contract>["query"],
): Promise<RateLimitStatus | Page<RateLimitStatus>> {
  const { actor, db } = ctx;
  const wanted = query.api_key_id ?? (actor.kind === "api_key" ? actor.id : undefined);
  if (wanted === undefined) return listStatuses(ctx, query);

  const row = await findApiKey(db, actor, wanted);
  const [status] = row ? await statusesOf(actor.tenantId, [row]) : [];
  if (!status) throw notFound("API key");
  return status;
}

async function listStatuses(
  { actor, db, now }: Authorized<"limits:read">,
  { cursor, limit }: InputOf<typeof contract>["query"],
): Promise<Page<RateLimitStatus>> {
  const before = cursor === undefined ? undefined : decodeTimeCursor(cursor);
  const rows = await findApiKeys(db, actor, { status: "active", before }, now, limit + 1);
  const keys = page(
    rows,
    limit,
    (row) => encodeCursor([row.createdAt.getTime(), row.id]),
    (row) => row,
  );
  return { ...keys, data: await statusesOf(actor.tenantId, keys.data) };
}

async function statusesOf(tenantId: string, keys: readonly ApiKeyRow[]): Promise<RateLimitStatus[]> {
  const checks = keys.flatMap(({ id, limits, account }) =>
    effectiveLimits(limits, account.limits).map((limit) => ({ limit, subject: id })),
  );
  const { states } = await peekLimits(runtime().limiter, tenantId, checks);
  const bySubject = Map.groupBy(states, ({ subject }) => subject);
  return keys.flatMap((key) => describeStatus(key, bySubject.get(key.id) ?? []) ?? []);
}
