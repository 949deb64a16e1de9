import { handle } from "#lib/http/handle";
import * as contract from "#lib/partners/contract";
import { getPartner } from "#lib/partners/get-partner";
import { updatePartner } from "#lib/partners/update-partner";

export const GET = handle(contract.getPartner, (ctx, { params }) => getPartner(ctx, params.partner_id));

export const PUT = handle(contract.updatePartner, (ctx, { params, body }) =>
  updatePartner(ctx, params.partner_id, body),
);
