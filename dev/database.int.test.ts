import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test, vi } from "vitest";
import { ensurePrismaClient } from "#dev/build";
import { takeDataFolder } from "#dev/data-folder";
import { withDatabase } from "#dev/database";
import { runningPostgres, startPostgres, stopLeftoverPostgres } from "#dev/postgres";
import { temporaryDataFolder } from "#test/folders";

/** A data folder with a created, empty database: it takes seconds to make. */
let prepared: string;
let dataDir: string;

beforeAll(async () => {
  await ensurePrismaClient({ log: () => {}, signal: new AbortController().signal });
  prepared = temporaryDataFolder();
  await (await startPostgres({ dataDir: prepared, fsync: false })).stop();
});

afterAll(() => rmSync(prepared, { recursive: true, force: true }));

beforeEach(() => {
  dataDir = temporaryDataFolder();
  vi.stubEnv("DATA_DIR", dataDir);
  for (const name of ["DATABASE_URL", "AUTH_SECRET", "KEY_PEPPER", "ENCRYPTION_KEY", "PORTICO_DEMO"])
    vi.stubEnv(name, "");
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await stopLeftoverPostgres(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
});

const copyPrepared = () => execFileSync("cp", ["-a", `${prepared}/.`, dataDir]);

/** `npm run db:seed` without npm. */
function seed(variables: Record<string, string> = {}): { status: number | null; output: string } {
  const program = join(import.meta.dirname, "../prisma/seed.ts");
  const env = { ...process.env, ...variables };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], { env, encoding: "utf8" });
  return { status, output: stdout + stderr };
}

async function query(url: string, sql: string): Promise<pg.QueryResultRow[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test("a task on the built-in database keeps every start out until it has stopped what it started", async () => {
  copyPrepared();
  const code = await withDatabase(async (url) => {
    expect(await runningPostgres(dataDir)).toBe(url);
    expect(() => takeDataFolder(dataDir)).toThrow(`Portico already runs with the data folder ${dataDir}`);
  });
  expect(code).toBe(0);
  expect(await runningPostgres(dataDir)).toBeUndefined();
  takeDataFolder(dataDir)();
});

test("a task beside a start that is still opening its database waits for it, uses it, and leaves it running", async () => {
  copyPrepared();
  const release = takeDataFolder(dataDir);
  let used: string | undefined;
  const task = withDatabase(async (url) => {
    used = url;
  });
  const postgres = await startPostgres({ dataDir, fsync: false });
  expect(await task).toBe(0);
  expect(used).toBe(postgres.url);
  expect(await runningPostgres(dataDir)).toBe(postgres.url);
  expect(() => takeDataFolder(dataDir)).toThrow("already runs");
  release();
});

test("a second task waits for the first, which would end PostgreSQL under it", async () => {
  copyPrepared();
  const seen: string[] = [];
  const task = (name: string) =>
    withDatabase(async (url) => {
      seen.push(`${name} begins`);
      await query(url, "select pg_sleep(0.5)");
      seen.push(`${name} ends`);
    });
  expect(await Promise.all([task("first"), task("second")])).toEqual([0, 0]);
  expect(seen).toEqual(["first begins", "first ends", "second begins", "second ends"]);
});

test("db:seed makes the demo data on the built-in database, with the secrets the start will use, and only once", async () => {
  copyPrepared();
  expect(seed()).toEqual({
    status: 0,
    output: expect.stringMatching(/^Applying migration .*The demo data is there\.\n$/s),
  });
  const made = readFileSync(join(dataDir, "demo-keys.json"), "utf8");
  expect(Object.keys(JSON.parse(readFileSync(join(dataDir, "secrets.json"), "utf8")))).toContain("KEY_PEPPER");
  expect(await runningPostgres(dataDir)).toBeUndefined();
  expect(seed()).toEqual({ status: 0, output: "The demo data is there.\n" });
  expect(readFileSync(join(dataDir, "demo-keys.json"), "utf8")).toBe(made);
});

test("db:seed makes the demo data in the database of DATABASE_URL, and none with PORTICO_DEMO=0", async () => {
  const admin = inject("adminDatabaseUrl");
  const name = `portico_seed_${randomBytes(4).toString("hex")}`;
  await query(admin, `create database ${name}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  const secrets = { AUTH_SECRET: "a".repeat(32), KEY_PEPPER: "b".repeat(32), ENCRYPTION_KEY: "c".repeat(64) };
  try {
    const refused = seed({ DATABASE_URL: url.href, PORTICO_DEMO: "0", ...secrets });
    expect(refused).toEqual({
      status: 1,
      output: expect.stringMatching(/^PORTICO_DEMO=0 says that no demo data.*\n$/),
    });
    expect(await query(url.href, "select to_regclass('tenants') as found")).toEqual([{ found: null }]);
    expect(seed({ DATABASE_URL: url.href }).status).toBe(0);
    expect(await query(url.href, "select slug from tenants")).toEqual([{ slug: "demo" }]);
    expect(readdirSync(dataDir).sort()).toEqual(["demo-keys.json", "demo-upstream.json", "secrets.json"]);
  } finally {
    await query(admin, `drop database ${name} with (force)`);
  }
});
