import { owningAccount } from "#lib/accounts/owning-account";
import { getCatalog } from "#lib/catalog/get-catalog";
import { isAppError } from "#lib/core/errors";
import type { ApiKey } from "#lib/keys/contract";
import { getApiKey } from "#lib/keys/get-api-key";
import { listApiKeys } from "#lib/keys/list-api-keys";
import { type Authorized, authorize } from "#lib/platform/context";

/** What somebody can try, and as whom. */
export interface ExplorerChoices {
  apis: { id: string; name: string }[];
  keys: ApiKey[];
}

const keysShownMax = 100;

/**
 * The APIs that are served on the portal, and the keys they can be tried as, the newest first: those of the caller's own account,
 * and the one they came for.
 */
export async function getExplorer(ctx: Authorized<"catalog:read">, chosenKey: string | null): Promise<ExplorerChoices> {
  const { data } = await getCatalog(ctx);
  const apis = data.filter((api) => api.on_portal).map((api) => ({ id: api.gateway_id, name: api.name }));
  return { apis, keys: ctx.actor.permissions.has("keys:read") ? await findKeys(ctx, chosenKey) : [] };
}

async function findKeys(context: Authorized<"catalog:read">, chosen: string | null): Promise<ApiKey[]> {
  const ctx = authorize(context, "keys:read");
  const account = await owningAccount(ctx, undefined).catch(nothingIfRefused);
  const query = { status: "active" as const, account_id: account?.id, limit: keysShownMax };
  const keys = account ? (await listApiKeys(ctx, query)).data : [];
  const isListed = chosen === null || keys.some(({ id }) => id === chosen);
  const further = isListed ? null : await getApiKey(ctx, chosen).catch(nothingIfRefused);
  const mayUse = ({ is_active, permissions }: ApiKey) => is_active && (ctx.actor.grants.admin || !permissions.admin);
  return [...keys, ...(further ? [further] : [])].filter(mayUse);
}

function nothingIfRefused(error: unknown): null {
  if (isAppError(error)) return null;
  throw error;
}
