import type { Db } from "#lib/platform/db";

/** The next small integer for a kind of thing in a tenant (rules R4). Serialises creators of that kind until the transaction ends. */
export async function nextNumber(tx: Db, tenantId: string, kind: "account" | "api_key" | "service"): Promise<number> {
  const [row] = await tx.$queryRaw<[{ last: number }]>`
    INSERT INTO number_sequences (tenant_id, kind, last) VALUES (${tenantId}, ${kind}, 1)
    ON CONFLICT (tenant_id, kind) DO UPDATE SET last = number_sequences.last + 1
    RETURNING last`;
  return row.last;
}
