import { changeKey, requireNotRevoked } from "#lib/keys/change-key";
import { checkRules } from "#lib/keys/check-rules";
import type { ApiKey, UpdateApiKeyBody } from "#lib/keys/contract";
import { writtenLimits } from "#lib/keys/effective-limits";
import { type ApiKeyChange, type ApiKeyRow, nullLimits } from "#lib/keys/repository";
import type { Authorized } from "#lib/platform/context";
import { writeLimits } from "#lib/rate-limits/translate-limits";
import { Prisma } from "../../.prisma-client/client.ts";

/** Changes what is written and keeps the rest: absent keeps, null clears, permissions merge (rules R6). */
export function updateApiKey(
  ctx: Authorized<"keys:write">,
  reference: string,
  body: UpdateApiKeyBody,
): Promise<ApiKey> {
  return changeKey(ctx, reference, { action: "api_key.updated", isPowerNeeded: true }, async (row) => {
    requireNotRevoked(row);
    const change = { ...namesOf(body), ...(await rulesOf(ctx, row, body)) };
    return Object.keys(change).length === 0 ? null : change;
  });
}

function namesOf(body: UpdateApiKeyBody): ApiKeyChange {
  return {
    ...(body.name !== undefined && { name: body.name }),
    ...(body.description !== undefined && { description: body.description }),
    ...(body.is_active !== undefined && { status: body.is_active ? "active" : "disabled" }),
  };
}

async function rulesOf(ctx: Authorized<"keys:write">, row: ApiKeyRow, body: UpdateApiKeyBody): Promise<ApiKeyChange> {
  const current = { read: row.canRead, write: row.canWrite, admin: row.canAdmin };
  const checked = { ...(await checkRules(ctx, body, current)), limits: writtenLimits(row, body, false) };
  const { permissions, scopes, serviceIds, allowedIps, expiresAt, limits } = checked;
  return {
    ...(body.permissions && { canRead: permissions.read, canWrite: permissions.write, canAdmin: permissions.admin }),
    ...(scopes && { scopes }),
    ...(serviceIds !== undefined && { serviceIds: serviceIds ?? Prisma.DbNull }),
    ...(allowedIps && { allowedIps }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(limits !== undefined && { limits: limits ? writeLimits(limits) : nullLimits }),
  };
}
