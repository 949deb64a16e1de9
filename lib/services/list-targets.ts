import type { Authorized } from "#lib/platform/context";
import type { ServiceTarget } from "#lib/services/contract";
import { requireService } from "#lib/services/require-service";
import { serializeTarget } from "#lib/services/serialize";

/** A service's targets, oldest first. */
export async function listTargets(
  ctx: Authorized<"services:read">,
  reference: string,
): Promise<{ data: ServiceTarget[] }> {
  return { data: (await requireService(ctx, reference)).targets.map(serializeTarget) };
}
