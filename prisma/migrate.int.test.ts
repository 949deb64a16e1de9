import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { migrate, missingMigrations } from "#prisma/migrate";

let admin: pg.Client;
let name: string;
let url: string;

beforeEach(async () => {
  name = `portico_migrate_${randomBytes(4).toString("hex")}`;
  admin = new pg.Client({ connectionString: inject("adminDatabaseUrl") });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const address = new URL(inject("adminDatabaseUrl"));
  address.pathname = `/${name}`;
  url = address.href;
});

afterEach(async () => {
  await admin.query(`drop database if exists ${name} with (force)`);
  await admin.query(`drop role if exists ${name}`);
  await admin.end();
});

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test("an empty database gets every migration once, also when several processes start together", async () => {
  const before = await missingMigrations(url);
  const applied = await Promise.all([migrate(url), migrate(url), migrate(url)]);
  expect(before.length).toBeGreaterThan(0);
  expect(applied.flat().sort()).toEqual(before);
  expect(await missingMigrations(url)).toEqual([]);
  expect(await migrate(url)).toEqual([]);
});

test("the history is what Prisma's own `migrate deploy` would have written", async () => {
  const [first] = await migrate(url);
  const sql = readFileSync(join(import.meta.dirname, "migrations", String(first), "migration.sql"));
  const [row] = await query("select * from _prisma_migrations order by started_at limit 1");
  expect(row).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    checksum: createHash("sha256").update(sql).digest("hex"),
    finished_at: expect.any(Date),
    migration_name: first,
    logs: null,
    rolled_back_at: null,
    started_at: expect.any(Date),
    applied_steps_count: 1,
  });
});

test("a migration edited after it was applied is refused, and nothing is changed", async () => {
  const [first] = await migrate(url);
  await query(`update _prisma_migrations set checksum = 'another' where migration_name = '${first}'`);
  await expect(migrate(url)).rejects.toThrow(`Migration ${first} was changed after this database applied it`);
});

test("a login that may not create roles is told the SQL an administrator has to run", async () => {
  await admin.query(`create role ${name} login password 'secret'`);
  await admin.query(`grant all on database ${name} to ${name}`);
  const limited = new URL(url);
  limited.username = name;
  limited.password = "secret";
  await expect(migrate(limited.href)).rejects.toThrow(`grant portico_app to "${name}";`);
  expect(await query("select to_regclass('_prisma_migrations') as history")).toEqual([{ history: null }]);
});
