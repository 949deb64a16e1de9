import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type RunningPostgres, runningPostgres, startPostgres, stopLeftoverPostgres } from "#dev/postgres";
import { isAlive } from "#dev/processes";
import { temporaryDataFolder } from "#test/folders";

let prepared: string;
let dataDir: string;

beforeAll(async () => {
  prepared = temporaryDataFolder();
  await (await startPostgres({ dataDir: prepared, fsync: false })).stop();
});

afterAll(() => rmSync(prepared, { recursive: true }));

beforeEach(() => {
  dataDir = temporaryDataFolder();
});

afterEach(async () => {
  await stopLeftoverPostgres(dataDir).catch(() => {}); // a test may have made the folder unusable
  rmSync(dataDir, { recursive: true, force: true });
});

const start = () => startPostgres({ dataDir, fsync: false });

/** A data folder that has been used before, without the seconds it takes to create one. */
const copyPrepared = () => execFileSync("cp", ["-a", `${prepared}/.`, dataDir]);

async function query<Row extends pg.QueryResultRow>({ url }: RunningPostgres, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

function postmasterPid(): number {
  return Number(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);
}

test("what was written is there after a stop and a start, on the same port", async () => {
  const first = await start();
  await query(first, "create table notes (text text); insert into notes values ('kept')");
  await first.stop();
  expect(await runningPostgres(dataDir)).toBeUndefined();
  const second = await start();
  expect(await query(second, "select text from notes")).toEqual([{ text: "kept" }]);
  expect([second.port, second.adopted]).toEqual([first.port, false]);
});

test("a server that still runs is adopted, not started a second time", async () => {
  copyPrepared();
  const first = await start();
  const pid = postmasterPid();
  const second = await start();
  expect([second.adopted, second.url, postmasterPid()]).toEqual([true, first.url, pid]);
  await second.stop();
  expect(isAlive(pid)).toBe(false);
  await first.stop(); // harmless
});

test("a server started through a symlink to the data folder is adopted through the folder itself", async () => {
  copyPrepared();
  const link = join(dataDir, "link");
  symlinkSync(dataDir, link);
  const first = await startPostgres({ dataDir: link, fsync: false });
  const second = await start();
  expect([second.adopted, second.url]).toEqual([true, first.url]);
});

test("a server killed with -9 is replaced, and its committed rows are there", async () => {
  copyPrepared();
  const first = await startPostgres({ dataDir });
  await query(first, "create table notes (text text); insert into notes values ('committed')");
  process.kill(postmasterPid(), "SIGKILL");
  const second = await start();
  expect(second.adopted).toBe(false);
  expect(await query(second, "select text from notes")).toEqual([{ text: "committed" }]);
});

test("a leftover pid file that names another program is not taken for a server", async () => {
  copyPrepared();
  await (await start()).stop();
  const lines = [process.pid, join(dataDir, "postgres"), 0, 5432, "", "127.0.0.1", "", "ready"];
  writeFileSync(join(dataDir, "postgres", "postmaster.pid"), `${lines.join("\n")}\n`);
  expect((await start()).adopted).toBe(false);
});

test("two data folders run side by side", async () => {
  const otherDir = temporaryDataFolder();
  const [one, other] = await Promise.all([start(), startPostgres({ dataDir: otherDir, fsync: false })]);
  try {
    expect(one.port).not.toBe(other.port);
    await query(one, "create table only_here (id int)");
    expect(await query(other, "select to_regclass('only_here') as found")).toEqual([{ found: null }]);
  } finally {
    await other.stop();
    rmSync(otherDir, { recursive: true });
  }
});

test("it keeps time in UTC, asks for its password and hides it from other users", async () => {
  copyPrepared();
  const postgres = await start();
  expect(await query(postgres, "show timezone")).toEqual([{ TimeZone: "UTC" }]);
  const wrong = new URL(postgres.url);
  wrong.password = "guess";
  await expect(query({ ...postgres, url: wrong.href }, "select 1")).rejects.toThrow("password authentication failed");
  expect(statSync(join(dataDir, "postgres.json")).mode & 0o077).toBe(0);
});

test("a port taken by someone else is left alone for another one", async () => {
  copyPrepared();
  const first = await start();
  await first.stop();
  const { createServer } = await import("node:net");
  const squatter = createServer().listen(first.port, "127.0.0.1");
  try {
    expect((await start()).port).not.toBe(first.port);
  } finally {
    squatter.close();
  }
});

test("data of another PostgreSQL version is refused in one sentence", async () => {
  mkdirSync(join(dataDir, "postgres"));
  writeFileSync(join(dataDir, "postgres", "PG_VERSION"), "16\n");
  await expect(start()).rejects.toThrow(/belongs to PostgreSQL 16, this is PostgreSQL 18: set DATA_DIR/);
});

test("a data folder that is a file is refused in one sentence", async () => {
  const file = join(dataDir, "file");
  writeFileSync(file, "");
  await expect(startPostgres({ dataDir: join(file, "data") })).rejects.toThrow(
    `The data folder ${file}/data cannot be used: a part of the path is a file, not a folder. Set DATA_DIR to another folder.`,
  );
});

test("a first start that was killed half way leaves nothing in the way of the next", async () => {
  mkdirSync(join(dataDir, "postgres.unfinished", "cluster"), { recursive: true });
  writeFileSync(join(dataDir, "postgres.unfinished", "cluster", "PG_VERSION"), "18\n");
  expect((await start()).adopted).toBe(false);
});
