import type { Actor } from "#lib/core/actor";
import { permissions } from "#lib/core/permissions";
import type { Context } from "#lib/platform/context";
import type { Db } from "#lib/platform/db";

/** The context in which the demo data of a tenant is made: nobody asked, and everything is allowed. */
export function seedingContext(db: Db, tenantId: string, now: Date): Context {
  const actor: Actor = {
    kind: "system",
    id: "system",
    tenantId,
    accountId: null,
    role: "super_admin",
    permissions: new Set(permissions),
    grants: { read: true, write: true, admin: true },
    reach: "*",
    via: "system",
    sessionId: null,
  };
  return { actor, db, now, requestId: "seed", ipAddress: "127.0.0.1", userAgent: null };
}
