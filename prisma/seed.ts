import { ensurePrismaClient } from "#dev/build";
import { openDataFolder } from "#dev/data-folder";
import { withDatabase } from "#dev/database";
import { demoUpstreamAddress } from "#dev/demo-upstream/remembered-port";
import { checkSettings, generatedSecrets, startVariables } from "#dev/settings";
import { StartError } from "#dev/start-error";
import { demoPassword } from "#lib/identity/demo-accounts";
import { PasswordHasher } from "#lib/identity/password-hasher";
import { onPlatform } from "#lib/platform/db";
import { type Env, readEnv } from "#lib/platform/env";
import { openPostgres } from "#lib/platform/postgres";
import { openPrisma } from "#lib/platform/prisma";
import { composeRuntime } from "#lib/platform/runtime";
import { migrate } from "#prisma/migrate";

interface Seeding {
  databaseUrl: string;
  dataDir: string;
  env: Env;
}

/**
 * The demo data of `npm start`: a tenant with an operator, a reseller with a customer, partners, services behind gateways, five
 * people, and keys whose secrets are written to `DATA_DIR/demo-keys.json` (0600). Returns whether keys were made.
 */
export async function seed({ databaseUrl, dataDir, env }: Seeding): Promise<boolean> {
  const postgres = openPostgres({ ...env, DATABASE_URL: databaseUrl }, () => undefined);
  const { prisma, close } = openPrisma(postgres);
  composeRuntime({ env, prisma });
  try {
    const { seedDemoData } = await import("#prisma/seed/demo-data"); // needs the generated client, so not before it exists
    const passwordHash = await new PasswordHasher().hash(demoPassword);
    const upstream = await demoUpstreamAddress(dataDir);
    return await onPlatform((tx) => seedDemoData(tx, { dataDir, passwordHash, upstream, now: new Date() }));
  } finally {
    await close();
    await Promise.all([postgres.app.end(), postgres.platform.end()]);
  }
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
