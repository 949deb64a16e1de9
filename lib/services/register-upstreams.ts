import { newId } from "#lib/core/ids";
import { recordChange } from "#lib/gateways/record-change";
import type { Context } from "#lib/platform/context";
import { type Db, onPlatform } from "#lib/platform/db";
import { changeService, insertService } from "#lib/services/repository";
import { serializeService } from "#lib/services/serialize";
import { nextNumber } from "#lib/tenants/next-number";

/**
 * Makes the default tenant have a service for every upstream the installation was started with (`UPSTREAM_<NAME>=url`): one that is
 * missing is created, one with another base URL is changed, the rest stays as operators made it. Several processes may do it at
 * once, and again. Returns how many services were written; none where no tenant was founded yet.
 */
export async function registerUpstreams(urls: ReadonlyMap<string, string>, now: Date): Promise<number> {
  if (urls.size === 0) return 0;
  return onPlatform(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('portico upstreams'))`;
    const tenant = await tx.tenant.findFirst({ where: { isDefault: true }, select: { id: true } });
    if (!tenant) return 0;
    const ctx = startContext(tx, tenant.id, now);
    let written = 0;
    for (const [name, url] of urls) if (await registerUpstream(ctx, name, url)) written += 1;
    return written;
  });
}

async function registerUpstream(ctx: Context, name: string, url: string): Promise<boolean> {
  const { db, actor, now } = ctx;
  const known = await db.service.findUnique({ where: { tenantId_name: { tenantId: actor.tenantId, name } } });
  if (known?.baseUrl === url) return false;
  const row = known
    ? await changeService(db, known.id, { baseUrl: url, updatedAt: now })
    : await insertService(db, {
        id: newId("svc"),
        tenantId: actor.tenantId,
        number: await nextNumber(db, actor.tenantId, "service"),
        name,
        displayName: name,
        baseUrl: url,
        createdAt: now,
        updatedAt: now,
      });
  const after = serializeService(row);
  await recordChange(ctx, {
    action: known ? "service.updated" : "service.created",
    targetType: "service",
    targetId: row.id,
    ...(known && { before: { ...after, base_url: known.baseUrl, updated_at: known.updatedAt.toISOString() } }),
    after,
  });
  return true;
}

/** Nobody asked: the platform does it as it starts. */
function startContext(db: Db, tenantId: string, now: Date): Context {
  return {
    actor: {
      kind: "system",
      id: "system",
      tenantId,
      accountId: null,
      role: null,
      permissions: new Set(),
      grants: { read: false, write: false, admin: false },
      reach: "*",
      via: "system",
      sessionId: null,
    },
    db,
    now,
    requestId: "start",
    ipAddress: "127.0.0.1",
    userAgent: null,
  };
}
