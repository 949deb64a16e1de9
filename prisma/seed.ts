import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ensurePrismaClient } from "#dev/build";
import { openDataFolder } from "#dev/data-folder";
import { withDatabase } from "#dev/database";
import { checkSettings, generatedSecrets, startVariables } from "#dev/settings";
import { StartError } from "#dev/start-error";
import type { Actor } from "#lib/core/actor";
import { newId } from "#lib/core/ids";
import { permissions } from "#lib/core/permissions";
import { demoAccounts, demoPassword } from "#lib/identity/demo-accounts";
import { PasswordHasher } from "#lib/identity/password-hasher";
import { authorize } from "#lib/platform/context";
import { type Db, inTenant, onPlatform } from "#lib/platform/db";
import { type Env, readEnv } from "#lib/platform/env";
import { openPostgres } from "#lib/platform/postgres";
import { openPrisma } from "#lib/platform/prisma";
import { composeRuntime } from "#lib/platform/runtime";
import { foundDefaultTenant } from "#lib/tenants/found-default-tenant";
import { nextNumber } from "#lib/tenants/next-number";
import { migrate } from "#prisma/migrate";

interface Seeding {
  databaseUrl: string;
  dataDir: string;
  env: Env;
}

interface DemoAccounts {
  tenantId: string;
  customerId: string;
}

/**
 * The demo data of `npm start`: a tenant, an operator, a reseller with a customer, five people, and a key whose secret is
 * written to `DATA_DIR/demo-keys.json` (0600). Does nothing where the default tenant exists already.
 */
export async function seed({ databaseUrl, dataDir, env }: Seeding): Promise<void> {
  const postgres = openPostgres({ ...env, DATABASE_URL: databaseUrl }, () => undefined);
  const { prisma, close } = openPrisma(postgres);
  composeRuntime({ env, prisma });
  try {
    const passwordHash = await new PasswordHasher().hash(demoPassword);
    const created = await onPlatform((tx) => seedAccounts(tx, passwordHash));
    if (created) await seedKeys(created, join(dataDir, "demo-keys.json"));
  } finally {
    await close();
    await Promise.all([postgres.app.end(), postgres.platform.end()]);
  }
}

async function seedAccounts(tx: Db, passwordHash: string): Promise<DemoAccounts | null> {
  const tenantId = await foundDefaultTenant(tx, { slug: "demo", name: "Demo Networks" });
  if (tenantId === null) return null;
  const account = async (kind: string, name: string, parentId: string | null = null) => {
    const id = newId("acct");
    await tx.account.create({
      data: { id, tenantId, kind, name, parentId, number: await nextNumber(tx, tenantId, "account") },
    });
    return id;
  };
  const resellerId = await account("reseller", "Harbour Resale");
  const customerId = await account("customer", "Brightwater Labs", resellerId);

  // In the order of `demoAccounts`.
  const memberships = [
    { role: "super_admin", accountId: null },
    { role: "tenant_admin", accountId: null },
    { role: "owner", accountId: resellerId },
    { role: "owner", accountId: customerId },
    { role: "developer", accountId: customerId },
  ];
  for (const [at, { email, name }] of demoAccounts.entries()) {
    const userId = newId("usr");
    await tx.user.create({ data: { id: userId, email, name, passwordHash, emailVerifiedAt: new Date() } });
    const { role, accountId } = memberships[at] ?? { role: "developer", accountId: customerId };
    await tx.membership.create({ data: { id: newId("mem"), tenantId, accountId, userId, role } });
  }
  return { tenantId, customerId };
}

async function seedKeys({ tenantId, customerId }: DemoAccounts, file: string): Promise<void> {
  const actor: Actor = {
    kind: "system",
    id: "system",
    tenantId,
    accountId: customerId,
    role: null,
    permissions: new Set(permissions),
    grants: { read: true, write: true, admin: true },
    reach: "*",
    via: "system",
    sessionId: null,
  };
  const { createApiKey } = await import("#lib/keys/create-api-key"); // needs the generated client, so not before it exists
  const issued = await inTenant({ tenantId, reach: "*" }, (db) => {
    const ctx = authorize(
      { actor, db, now: new Date(), requestId: "seed", ipAddress: "127.0.0.1", userAgent: null },
      "keys:write",
    );
    return createApiKey(ctx, { name: "Demo key", description: "Made by the first start." });
  });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ customer: issued.key }, null, 2)}\n`, { mode: 0o600 });
}

/**
 * `npm run db:seed`: the demo data as the start makes it, with what it needs before: settings, client, migrations.
 * Throws StartError with PORTICO_DEMO=0.
 */
async function seedFromCommandLine(databaseUrl: string, log: (line: string) => void): Promise<void> {
  const variables = { ...startVariables(false), DATABASE_URL: databaseUrl };
  const { PORTICO_DEMO, DATA_DIR: dataDir } = checkSettings(variables);
  if (!PORTICO_DEMO)
    throw new StartError("PORTICO_DEMO=0 says that no demo data is wanted: set it to 1, or leave it out.");
  openDataFolder(dataDir);
  const env = readEnv({ ...variables, ...generatedSecrets(dataDir, variables) });
  await ensurePrismaClient({ log, signal: new AbortController().signal });
  await migrate(databaseUrl, log);
  await seed({ databaseUrl, dataDir, env });
  log("The demo data is there.");
}

if (process.argv[1] === import.meta.filename) {
  process.exitCode = await withDatabase(seedFromCommandLine);
}
