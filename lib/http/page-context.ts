import "server-only";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import type { Actor } from "#lib/core/actor";
import type { Endpoint } from "#lib/core/endpoint";
import { AppError, isAppError } from "#lib/core/errors";
import type { Permission } from "#lib/core/permissions";
import { accountCookie } from "#lib/http/client";
import { originOf } from "#lib/http/request-origin";
import { authenticateBrowserSession } from "#lib/identity/authenticate-user";
import { type Authorized, authorize } from "#lib/platform/context";
import { isDatabaseDown } from "#lib/platform/database-errors";
import { inTenant } from "#lib/platform/db";
import { runtime } from "#lib/platform/runtime";

/** Who is signed in with the browser that asks for this page, in the account it chose; null when nobody is. */
export async function signedInActor(): Promise<Actor | null> {
  const [sent, jar] = [await headers(), await cookies()];
  const accountId = jar.get(accountCookie(runtime().env.PUBLIC_URL))?.value;
  const now = new Date();
  try {
    return await authenticateBrowserSession(sent.get("cookie"), accountId ? { accountId } : {}, now);
  } catch (error) {
    // A chosen account that is no longer theirs is forgotten rather than an error on every page.
    if (accountId && isAppError(error) && error.code === "PERMISSION_DENIED")
      return authenticateBrowserSession(sent.get("cookie"), {}, now);
    throw error;
  }
}

/** As `signedInActor`, on pages for everybody: who cannot be recognised now is a stranger there. */
export async function visitingActor(): Promise<Actor | null> {
  return signedInActor().catch((error: unknown) => {
    if (isAppError(error) || isDatabaseDown(error)) return null;
    throw error;
  });
}

/** The actor of a signed-in page; sends everybody else to sign in and back. */
export async function requireSignedIn(returnTo: string): Promise<Actor> {
  const actor = await signedInActor().catch(forSignInPage);
  if (!actor) redirect(`/sign-in?return_to=${encodeURIComponent(returnTo)}`);
  return actor;
}

/** A suspended person is as good as signed out here; the sign-in page says why. */
function forSignInPage(error: unknown): null {
  if (isAppError(error) && ["ACCOUNT_SUSPENDED", "TENANT_SUSPENDED", "PERMISSION_DENIED"].includes(error.code))
    return null;
  throw error;
}

/**
 * Reads for a server-rendered page: the signed-in person, held to the same permission as the endpoint it reads, in one transaction
 * bound to their tenant. Throws PERMISSION_DENIED where they may not.
 */
export async function readPage<E extends Endpoint & { permission: Permission }, T>(
  endpoint: E,
  returnTo: string,
  read: (ctx: Authorized<E["permission"]>) => Promise<T>,
): Promise<T> {
  const actor = await requireSignedIn(returnTo);
  const request = new Request(`http://portal${returnTo}`, { headers: new Headers(await headers()) });
  const origin = originOf(request, new Date());
  if (!actor.permissions.has(endpoint.permission))
    throw new AppError("PERMISSION_DENIED", `This needs the ${endpoint.permission} permission.`);
  return inTenant({ tenantId: actor.tenantId, reach: actor.reach }, (db) =>
    read(authorize({ ...origin, actor, db }, endpoint.permission)),
  );
}
