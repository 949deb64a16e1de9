import { AppError } from "#lib/core/errors";
import type { Gateway, UpdateGatewayBody } from "#lib/gateways/contract";
import { gatewayNameTaken } from "#lib/gateways/create-gateway";
import { claimDomains, releaseDomains } from "#lib/gateways/domains";
import { requirePortalPower, sharesPortalPaths } from "#lib/gateways/portal-host";
import { recordChange } from "#lib/gateways/record-change";
import { changeGateway, type GatewayRow } from "#lib/gateways/repository";
import { requireGateway } from "#lib/gateways/require-gateway";
import { serializeGateway } from "#lib/gateways/serialize";
import { writtenGateway } from "#lib/gateways/written-gateway";
import type { Authorized, Context } from "#lib/platform/context";
import { conflictIfTaken } from "#lib/platform/taken-names";
import { findReservedRoute } from "#lib/routes/find-reserved-route";

/** Changes what is written and keeps the rest: absent keeps, null clears. Domains it no longer has are given up. */
export async function updateGateway(
  ctx: Authorized<"gateways:write">,
  id: string,
  body: UpdateGatewayBody,
): Promise<Gateway> {
  const row = await requireGateway(ctx, id, "forUpdate");
  if (body.serve_on_portal !== undefined && body.serve_on_portal !== row.serveOnPortal) requirePortalPower(ctx.actor);
  const before = serializeGateway(row);
  const written = writtenGateway(body);
  if (Object.keys(written).length === 0) return before;
  await requirePathsFree(ctx, row, { ...row, ...written });

  const changed = changeGateway(ctx.db, id, { ...written, updatedAt: ctx.now });
  const after = serializeGateway(await conflictIfTaken(changed, gatewayNameTaken(body.name ?? row.name)));
  if (written.domains) {
    await claimDomains(ctx, written.domains);
    await releaseDomains(ctx);
  }
  await recordChange(ctx, { action: "gateway.updated", targetType: "gateway", targetId: id, before, after });
  return after;
}

/** A gateway that is to meet the portal's paths must not have a route there: it would never be reached. */
async function requirePathsFree(ctx: Context, row: GatewayRow, hosts: Pick<GatewayRow, "domains" | "serveOnPortal">) {
  if (!sharesPortalPaths(hosts) || sharesPortalPaths(row)) return;
  const route = await findReservedRoute(ctx, row.id);
  if (route)
    throw new AppError(
      "CONFLICT",
      `The route "${route.name}" serves ${route.path}, which belongs to the portal. Give it another path first.`,
    );
}
