import type { InputOf } from "#lib/core/endpoint";
import type { Authorized } from "#lib/platform/context";
import type { listPlainLogs as contract, PlainLog } from "#lib/usage/contract";
import { findAccountNumbers, findEvents } from "#lib/usage/repository";
import { wholeTenantScope } from "#lib/usage/usage-scope";

/** S4's list of the tenant's latest gateway requests, newest first. Throws PERMISSION_DENIED for those who do not reach all of them. */
export async function listPlainLogs(
  ctx: Authorized<"usage:read">,
  { limit }: InputOf<typeof contract>["query"],
): Promise<PlainLog[]> {
  const scope = await wholeTenantScope(ctx);
  const rows = await findEvents(ctx.db, scope, { management: "exclude" }, undefined, limit);
  const numbers = await findAccountNumbers(
    ctx.db,
    rows.map(({ account_id }) => account_id ?? ""),
  );
  return rows.map((row) => ({
    id: Number(row.id),
    partner_id: numbers.get(row.account_id ?? "") ?? null,
    method: row.method,
    path: row.path,
    status_code: row.status,
    response_time_ms: row.latency_us / 1_000,
    ip_address: row.ip_address,
    user_agent: row.user_agent,
    timestamp: row.occurred_at.toISOString().slice(0, "2026-01-29T12:00:00".length),
  }));
}
