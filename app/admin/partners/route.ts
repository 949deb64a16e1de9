import { handle } from "#lib/http/handle";
import * as contract from "#lib/partners/contract";
import { createPlainPartner, listPlainPartners } from "#lib/partners/plain-partners";

export const GET = handle(contract.listPlainPartners, (ctx) => listPlainPartners(ctx));

export const POST = handle(contract.createPlainPartner, (ctx, { body }) => createPlainPartner(ctx, body));
