import { readDemoKeys, writeDemoKeys } from "#dev/demo-keys";
import type { DemoAddress } from "#dev/demo-upstream/remembered-port";
import { createApiKey } from "#lib/keys/create-api-key";
import { notifyChange } from "#lib/platform/changes";
import { authorize, type Context } from "#lib/platform/context";
import type { Db } from "#lib/platform/db";
import { foundDefaultTenant } from "#lib/tenants/found-default-tenant";
import { seedApis } from "#prisma/seed/apis";
import { numberFromOne, seedPartners } from "#prisma/seed/partners";
import { seedPeople } from "#prisma/seed/people";
import { seedingContext } from "#prisma/seed/seeding";

const slug = "demo";

export interface DemoSeeding {
  dataDir: string;
  passwordHash: string;
  upstream: DemoAddress;
  now: Date;
}

/**
 * Makes what is missing of the demo data, all or nothing: everything in a new installation; in one that an earlier version
 * seeded, what that one did not know. What people changed or deleted stays so. Returns whether keys were made.
 */
export async function seedDemoData(tx: Db, seeding: DemoSeeding): Promise<boolean> {
  const newTenantId = await foundDefaultTenant(tx, { slug, name: "Demo Networks" });
  if (newTenantId !== null) return seedTenant(seedingContext(tx, newTenantId, seeding.now), seeding);
  const tenant = await tx.tenant.findFirst({ where: { slug, isDefault: true }, select: { id: true } });
  if (!tenant) return false;
  await moveServices(tx, tenant.id, seeding.upstream);
  const madeServices = await tx.numberSequence.count({ where: { tenantId: tenant.id, kind: "service" } });
  if (madeServices > 0) return false; // even if they were deleted since
  const ctx = seedingContext(tx, tenant.id, seeding.now);
  await seedApis(ctx, seeding.upstream.url);
  writeDemoKeys(seeding.dataDir, { ...(await seedPartners(ctx)), ...readDemoKeys(seeding.dataDir) });
  return true;
}

async function seedTenant(ctx: Context, { dataDir, passwordHash, upstream }: DemoSeeding): Promise<boolean> {
  const { db, actor } = ctx;
  await seedApis(ctx, upstream.url);
  const partnerKeys = await numberFromOne(db, actor.tenantId, () => seedPartners(ctx));
  const customerId = await seedPeople(db, actor.tenantId, passwordHash);
  const issued = await createApiKey(authorize(ctx, "keys:write"), {
    name: "Demo key",
    description: "Made by the first start.",
    account_id: customerId,
  });
  writeDemoKeys(dataDir, { ...partnerKeys, customer: issued.key });
  return true;
}

/** Services that point to where the demo upstream listened before point to where it listens now. */
async function moveServices(tx: Db, tenantId: string, { url, formerUrls }: DemoAddress): Promise<void> {
  const { count } = await tx.service.updateMany({
    where: { tenantId, baseUrl: { in: formerUrls } },
    data: { baseUrl: url },
  });
  if (count > 0) await notifyChange(tx, { kind: "gateway", id: "demo" });
}
