import "server-only";
import { notFound } from "next/navigation";
import type { Endpoint } from "#lib/core/endpoint";
import { type ErrorCode, isAppError } from "#lib/core/errors";
import type { Permission } from "#lib/core/permissions";
import { readPage } from "#lib/http/page-context";
import type { Authorized } from "#lib/platform/context";

const hidden: readonly ErrorCode[] = ["NOT_FOUND", "PERMISSION_DENIED"];

/**
 * `readPage` for a page that only some may know of: one who may not see it and one who asks for what is not there get the same
 * page. A read refused for another reason (a cursor of somebody's own making) gives undefined: the browser asks again and shows
 * what the API says.
 */
export async function readOrNotFound<E extends Endpoint & { permission: Permission }, T>(
  endpoint: E,
  returnTo: string,
  read: (ctx: Authorized<E["permission"]>) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await readPage(endpoint, returnTo, read);
  } catch (error) {
    if (!isAppError(error)) throw error;
    if (hidden.includes(error.code)) notFound();
    return undefined;
  }
}
