import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startPostgres } from "#dev/postgres";
import { startRedis } from "#dev/redis";
import { migrate } from "#prisma/migrate";
import { sweepLeftovers, temporaryDataFolder } from "#test/folders";

declare module "vitest" {
  interface ProvidedContext {
    /** A database in which nothing but `create database` and `drop database` is done. */
    adminDatabaseUrl: string;
    /** A migrated database to copy. */
    templateDatabase: string;
    redisUrl: string;
  }
}

type Cleanup = () => Promise<unknown> | unknown;

/**
 * One PostgreSQL and one Redis for all integration tests of a run, and one migrated template database.
 * TEST_DATABASE_URL and TEST_REDIS_URL name servers to use instead.
 */
// biome-ignore lint/style/noDefaultExport: Vitest asks for it.
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweepLeftovers();
  const cleanups: Cleanup[] = [];
  try {
    const dataDir = temporaryDataFolder();
    cleanups.push(() => rmSync(dataDir, { recursive: true, force: true }));
    const databaseUrl = process.env.TEST_DATABASE_URL ?? (await ownPostgres(dataDir, cleanups));
    project.provide("redisUrl", process.env.TEST_REDIS_URL ?? (await ownRedis(dataDir, cleanups)));
    project.provide("adminDatabaseUrl", databaseUrl);
    project.provide("templateDatabase", await createTemplate(databaseUrl, cleanups));
  } catch (error) {
    await runAll(cleanups);
    throw error;
  }
  return () => runAll(cleanups);
}

async function ownPostgres(dataDir: string, cleanups: Cleanup[]): Promise<string> {
  const postgres = await startPostgres({ dataDir, fsync: false });
  cleanups.push(() => postgres.stop());
  return postgres.url;
}

async function ownRedis(dataDir: string, cleanups: Cleanup[]): Promise<string> {
  const redis = await startRedis({ dataDir, appendonly: false });
  if (!redis) throw new Error("Integration tests need redis-server or valkey-server on PATH, or TEST_REDIS_URL.");
  cleanups.push(() => redis.stop());
  return redis.url;
}

async function createTemplate(adminUrl: string, cleanups: Cleanup[]): Promise<string> {
  const name = `portico_template_${randomBytes(4).toString("hex")}`;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  cleanups.push(async () => {
    const client = new pg.Client({ connectionString: adminUrl });
    await client.connect();
    await client.query(`drop database if exists ${name} with (force)`);
    await client.end();
  });
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  await migrate(url.href);
  return name;
}

/** Last opened, first closed; one failure does not keep the rest open. */
async function runAll(cleanups: Cleanup[]): Promise<void> {
  const failures: unknown[] = [];
  for (const cleanup of cleanups.reverse()) {
    try {
      await cleanup();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, "The test servers did not stop cleanly.");
}
