import type { Actor } from "#lib/core/actor";
import { newId } from "#lib/core/ids";
import type { Permission } from "#lib/core/permissions";
import { openIdentity } from "#lib/identity/compose-identity";
import { openMailText } from "#lib/notifications/mail-text";
import { ChangeFeed } from "#lib/platform/changes";
import { type Authorized, authorize } from "#lib/platform/context";
import { onPlatform } from "#lib/platform/db";
import { type Env, readEnv } from "#lib/platform/env";
import { openLogger } from "#lib/platform/logger";
import { openPostgres } from "#lib/platform/postgres";
import { openPrisma } from "#lib/platform/prisma";
import { composeRuntime, runtime } from "#lib/platform/runtime";
import { MemoryLimitStore } from "#lib/rate-limits/memory-limit-store";
import { nextNumber } from "#lib/tenants/next-number";
import { createTestDatabase } from "#test/database";

export const password = "correct horse battery";

/** Composes what identity needs on a database of its own, with one default tenant. Returns what undoes it. */
export async function composeIdentity(settings: Partial<Record<keyof Env, string>> = {}): Promise<() => Promise<void>> {
  const database = await createTestDatabase();
  const secret = (name: string) => `${name}, at least thirty-two bytes of it`;
  const env = readEnv({
    NODE_ENV: "test",
    LOG_LEVEL: "silent",
    DATABASE_URL: database.url,
    AUTH_SECRET: secret("auth"),
    KEY_PEPPER: secret("pepper"),
    ENCRYPTION_KEY: secret("encryption"),
    PORTICO_DEMO: "1",
    ...settings,
  });
  const logger = openLogger(env);
  const postgres = openPostgres(env, () => undefined);
  const { prisma, close: closePrisma } = openPrisma(postgres);
  const changes = new ChangeFeed(env, logger);
  await changes.open();
  composeRuntime({ env, logger, postgres, prisma, changes, limiter: new MemoryLimitStore() });
  composeRuntime(await openIdentity({ env, postgres, changes }));
  await sql("INSERT INTO tenants (id, slug, name, is_default) VALUES ('tn_default', 'default', 'Default', true)");
  return async () => {
    runtime().mailer?.close();
    await changes.close();
    await closePrisma();
    await Promise.all([postgres.app.end(), postgres.platform.end()]);
    await database.drop();
  };
}

/** A query that sees every tenant's rows. */
export async function sql<Row extends object = Record<string, unknown>>(
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return (await runtime().postgres.platform.query(text, values)).rows as Row[];
}

/** Forgets what was counted against the limits. */
export function resetAttempts(): void {
  composeRuntime({ limiter: new MemoryLimitStore() });
}

export interface TestPerson {
  userId: string;
  email: string;
  accountId: string;
}

/** A person with a confirmed address and `password`, owner of an account. */
export async function createPerson(
  given: { tenantId?: string; kind?: string; isVerified?: boolean } = {},
): Promise<TestPerson> {
  const { tenantId = "tn_default", kind = "customer", isVerified = true } = given;
  const userId = newId("usr");
  const email = `${userId.slice(4).toLowerCase()}@example.com`;
  const hash = await runtime().passwords.hash(password);
  await sql("INSERT INTO users (id, email, name, password_hash, email_verified_at) VALUES ($1, $2, 'Ada', $3, $4)", [
    userId,
    email,
    hash,
    isVerified ? new Date() : null,
  ]);
  const accountId = await createAccount(userId, tenantId, kind);
  return { userId, email, accountId };
}

/** A further account owned by somebody. */
export async function createAccount(userId: string, tenantId = "tn_default", kind = "customer"): Promise<string> {
  const id = newId("acct");
  const number = await onPlatform((tx) => nextNumber(tx, tenantId, "account"));
  await sql("INSERT INTO accounts (id, tenant_id, number, kind, name) VALUES ($1, $2, $3, $4, 'Acme')", [
    id,
    tenantId,
    number,
    kind,
  ]);
  await addMembership(userId, tenantId, id, "owner");
  return id;
}

/** Each is younger than those before it by a second, however fast they are made. */
export async function addMembership(
  userId: string,
  tenantId: string,
  accountId: string | null,
  role: string,
): Promise<void> {
  await sql(
    `INSERT INTO memberships (id, tenant_id, account_id, user_id, role, created_at)
     SELECT $1, $2, $3, $4, $5, now() + count(*) * interval '1 second' FROM memberships WHERE user_id = $4`,
    [newId("mem"), tenantId, accountId, userId, role],
  );
}

export function visitor(given: { now?: Date; ipAddress?: string; host?: string } = {}) {
  return {
    now: new Date(),
    requestId: newId("req"),
    ipAddress: "192.0.2.1",
    userAgent: "a test",
    host: "localhost:3000",
    ...given,
  };
}

/** The context of a request by an actor, without its transaction: identity works on the platform handle. */
export function contextOf<P extends Permission>(actor: Actor, permission: P, now = new Date()): Authorized<P> {
  const origin = { now, requestId: newId("req"), ipAddress: "192.0.2.1", userAgent: null };
  return authorize({ ...origin, actor, db: undefined as never }, permission);
}

/** The mails to somebody, oldest first, as they can be read. */
export async function mailsTo(recipient: string): Promise<{ subject: string; text: string }[]> {
  const rows = await sql<{ subject: string; text: string }>(
    "SELECT subject, text FROM mails WHERE recipient = $1 ORDER BY created_at, id",
    [recipient],
  );
  return rows.map(({ subject, text }) => ({ subject, text: openMailText(text) }));
}

/** The token of the latest mail with a link. */
export async function mailedToken(recipient: string): Promise<string> {
  const links = (await mailsTo(recipient)).flatMap(({ text }) =>
    [...text.matchAll(/[?]token=(\w+)/g)].map((match) => match[1] ?? ""),
  );
  return links.at(-1) ?? "";
}

/** Repeats until it is true; fails after a second. */
export async function withinOneSecond(isTrue: () => Promise<boolean>): Promise<void> {
  const startedMs = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - startedMs > 1_000) throw new Error("It was not so within a second.");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
