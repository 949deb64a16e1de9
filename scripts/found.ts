import { parseArgs } from "node:util";
import { isAppError } from "#lib/core/errors";
import { appointSuperAdmin } from "#lib/identity/appoint-super-admin";
import { onPlatform } from "#lib/platform/db";
import { readEnv } from "#lib/platform/env";
import { openPostgres } from "#lib/platform/postgres";
import { openPrisma } from "#lib/platform/prisma";
import { composeRuntime } from "#lib/platform/runtime";
import { foundDefaultTenant } from "#lib/tenants/found-default-tenant";

// npm run found -- --name "Acme Networks" --email you@acme.example: the first tenant and its super admin, on an empty database.
const usage = 'Use: npm run found -- --name "Acme Networks" --email you@acme.example [--person "Your Name"]';

async function found(): Promise<void> {
  const { name, email, person } = parseArgs({
    options: {
      name: { type: "string" },
      email: { type: "string" },
      person: { type: "string", default: "Super Admin" },
    },
  }).values;
  if (!name || !email) throw new Error(usage);
  const env = readEnv();
  const postgres = openPostgres(env, () => undefined);
  const { prisma, close } = openPrisma(postgres);
  composeRuntime({ env, prisma });
  try {
    const slug =
      name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, "") || "default";
    const link = await onPlatform(async (tx) => {
      const made = await foundDefaultTenant(tx, { slug, name });
      const tenantId = made ?? (await tx.tenant.findFirstOrThrow({ where: { isDefault: true } })).id;
      if (!made) process.stdout.write("There is a tenant already; only the super admin is added.\n");
      return (await appointSuperAdmin(tx, tenantId, { email, name: person }, new Date())).link;
    });
    process.stdout.write(`Choose your password within 24 hours:\n  ${link}\n`);
  } finally {
    await close();
    await Promise.all([postgres.app.end(), postgres.platform.end()]);
  }
}

await found().catch((error: Error) => {
  const fields = isAppError(error)
    ? error.extras.fields?.map((field) => `${field.pointer.slice(2)} ${field.detail}`)
    : undefined;
  process.stderr.write(`${fields?.join("; ") ?? error.message}\n`);
  process.exitCode = 1;
});
