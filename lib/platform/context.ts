import type { Actor } from "#lib/core/actor";
import { AppError } from "#lib/core/errors";
import type { Permission } from "#lib/core/permissions";
import type { Db } from "#lib/platform/db";

/** Who is asking, when, from where, and the one transaction everything of this use case happens in. */
export interface Context {
  actor: Actor;
  db: Db;
  now: Date;
  requestId: string;
  ipAddress: string;
  userAgent: string | null;
}

declare const granted: unique symbol;

/** A context that passed `authorize`. Domain functions ask for one, so an unguarded call does not compile. */
export interface Authorized<P extends Permission> extends Context {
  readonly [granted]: Record<P, true>;
}

/** Throws PERMISSION_DENIED unless the actor holds the permission. */
export function authorize<C extends Context, P extends Permission>(ctx: C, permission: P): C & Authorized<P> {
  if (!ctx.actor.permissions.has(permission)) {
    throw new AppError("PERMISSION_DENIED", `This needs the ${permission} permission.`);
  }
  return ctx as C & Authorized<P>;
}
