import type { Authorized } from "#lib/platform/context";
import type { Service } from "#lib/services/contract";
import { requireService } from "#lib/services/require-service";
import { serializeService } from "#lib/services/serialize";

/** One service with its targets, by id or small integer. */
export async function getService(ctx: Authorized<"services:read">, reference: string): Promise<Service> {
  return serializeService(await requireService(ctx, reference));
}
