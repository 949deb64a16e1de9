import type { Gateway } from "#lib/gateways/contract";
import { requireGateway } from "#lib/gateways/require-gateway";
import { serializeGateway } from "#lib/gateways/serialize";
import type { Authorized } from "#lib/platform/context";

/** One gateway by its id. */
export async function getGateway(ctx: Authorized<"gateways:read">, id: string): Promise<Gateway> {
  return serializeGateway(await requireGateway(ctx, id));
}
