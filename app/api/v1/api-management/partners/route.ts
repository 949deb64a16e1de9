import { handle } from "#lib/http/handle";
import * as contract from "#lib/partners/contract";
import { createPartner } from "#lib/partners/create-partner";
import { listPartners } from "#lib/partners/list-partners";

export const GET = handle(contract.listPartners, (ctx, { query }) => listPartners(ctx, query));

export const POST = handle(contract.createPartner, (ctx, { body }) => createPartner(ctx, body));
