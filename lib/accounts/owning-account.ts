import { type AccountRow, findAccount, findInternalAccount } from "#lib/accounts/repository";
import { AppError, notFound } from "#lib/core/errors";
import type { Context } from "#lib/platform/context";

/**
 * The account a new thing will belong to (rules R8): the one named, if the caller may act for it, else the caller's own; an
 * operator's own is the tenant's internal account. An account out of reach and none at all are refused alike.
 */
export async function owningAccount(ctx: Context, named: string | number | undefined): Promise<AccountRow> {
  const { actor, db } = ctx;
  const wanted = named ?? actor.accountId;
  const account =
    wanted === null ? await findInternalAccount(db, actor.tenantId) : await findAccount(db, actor, wanted);
  if (!account) throw notFound("account");
  if (account.status !== "active") throw new AppError("ACCOUNT_SUSPENDED", "The account is suspended.");
  return account;
}
