import type { UpdateGatewayBody } from "#lib/gateways/contract";
import { checkDomains } from "#lib/gateways/domains";
import { noCors } from "#lib/gateways/repository";

/** What a body says about a gateway, checked and as it is stored. What it does not say is not in it. */
export function writtenGateway(body: UpdateGatewayBody) {
  return {
    ...(body.name !== undefined && { name: body.name }),
    ...(body.description !== undefined && { description: body.description }),
    ...(body.domains !== undefined && { domains: checkDomains(body.domains) }),
    ...(body.serve_on_portal !== undefined && { serveOnPortal: body.serve_on_portal }),
    ...(body.error_format !== undefined && { errorFormat: body.error_format }),
    ...(body.cors !== undefined && { cors: body.cors ?? noCors }),
    ...(body.is_active !== undefined && { isActive: body.is_active }),
  };
}
