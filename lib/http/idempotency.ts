import type { Endpoint } from "#lib/core/endpoint";
import { AppError } from "#lib/core/errors";
import { sha256 } from "#lib/platform/crypto";
import type { Db } from "#lib/platform/db";
import type { Prisma } from "../../.prisma-client/client.ts";

const keptHours = 24;

/** One use of an Idempotency-Key, scoped to actor (in the account they act for), method and path (rules R11). */
export interface IdempotentUse {
  tenantId: string;
  /** Empty for those who act for the tenant. */
  accountId: string;
  actorId: string;
  method: string;
  path: string;
  key: string;
  bodyHash: Uint8Array<ArrayBuffer>;
}

/** The key of a POST that may be repeated, or undefined. Printable ASCII up to 255 characters, as Stripe has it. */
export function idempotencyKeyOf(endpoint: Endpoint, headers: Headers): string | undefined {
  const key = headers.get("idempotency-key");
  if (key === null || endpoint.method !== "POST" || endpoint.idempotent === false) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new AppError("VALIDATION_FAILED", "The Idempotency-Key cannot be used.", {
      fields: [{ in: "header", pointer: "#/Idempotency-Key", detail: "Use 1 to 255 printable ASCII characters." }],
    });
  }
  return key;
}

export const bodyHashOf = (rawBody: string): Uint8Array<ArrayBuffer> => Uint8Array.from(sha256(rawBody));

/**
 * Runs `work` once per use. The lock is held until the transaction ends, and the answer is stored in that transaction: a
 * crash in between leaves neither effect nor record, so the retry simply runs. Refusals roll back and are not stored.
 */
export async function once(
  tx: Db,
  endpoint: Endpoint,
  use: IdempotentUse,
  now: Date,
  work: () => Promise<unknown>,
): Promise<{ replayed: boolean; output: unknown }> {
  const { bodyHash, ...id } = use;
  const lockName = JSON.stringify(Object.values(id));
  const [lock] = await tx.$queryRaw<
    [{ free: boolean }]
  >`SELECT pg_try_advisory_xact_lock(hashtextextended(${lockName}, 0)) AS free`;
  if (!lock.free)
    throw new AppError("IDEMPOTENCY_CONFLICT", "The first request with this Idempotency-Key is still running.", {
      retryAfterSeconds: 1,
    });

  const earlier = await tx.idempotencyRecord.findUnique({ where: { tenantId_accountId_actorId_method_path_key: id } });
  if (earlier && earlier.expiresAt > now) return replay(earlier, bodyHash);

  const output = await work();
  const record = {
    bodyHash,
    status: endpoint.success.status,
    response: withoutSecrets(endpoint, output),
    createdAt: now,
    expiresAt: new Date(now.getTime() + keptHours * 3_600_000),
  };
  await tx.idempotencyRecord.upsert({
    where: { tenantId_accountId_actorId_method_path_key: id },
    create: { ...id, ...record },
    update: record,
  });
  return { replayed: false, output };
}

function replay(
  earlier: { bodyHash: Uint8Array; response: unknown },
  bodyHash: Uint8Array,
): { replayed: true; output: unknown } {
  if (Buffer.compare(earlier.bodyHash, bodyHash) !== 0) {
    throw new AppError("IDEMPOTENCY_MISMATCH", "This Idempotency-Key was used with another body.");
  }
  return { replayed: true, output: earlier.response };
}

function withoutSecrets(endpoint: Endpoint, output: unknown): Prisma.InputJsonObject {
  const secret = new Set(endpoint.secretFields ?? []);
  const kept = Object.entries((output ?? {}) as object).filter(([field]) => !secret.has(field));
  return JSON.parse(JSON.stringify(Object.fromEntries(kept))) as Prisma.InputJsonObject;
}
