import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startPostgres } from "#dev/postgres";
import { openRecorder } from "#gateway/spool/open-recorder";
import { openShipper, type Shipper } from "#gateway/spool/open-shipper";
import { openUsage } from "#gateway/spool/open-usage";
import { listBoots, listFiles, spoolFile, spoolFolderOf } from "#gateway/spool/spool-folder";
import { openSpoolWriter } from "#gateway/spool/spool-writer";
import type { Runtime } from "#lib/platform/runtime";
import { migrate } from "#prisma/migrate";
import { createTestDatabase, type TestDatabase } from "#test/database";
import { countUsage, openTestPostgres } from "#test/usage-database";
import { usageEvent } from "#test/usage-events";

let database: TestDatabase;
let postgres: Runtime["postgres"];
let dataDir: string;
const children = new Set<ChildProcess>();

beforeEach(async () => {
  database = await createTestDatabase();
  postgres = openTestPostgres(database.url);
  dataDir = mkdtempSync(join(tmpdir(), "portico-survive-"));
});

afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await Promise.all([postgres.app.end(), postgres.platform.end()]);
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

function run(program: "record-usage" | "adopt-usage", bootId: string): ChildProcess {
  const file = join(import.meta.dirname, "../../test/programs", `${program}.ts`);
  const child = spawn(process.execPath, [file, dataDir, database.url, bootId], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout?.resume();
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
}

/** Kills a recording process at a random moment. Returns how many requests it had sent, and how many of those it could have answered. */
async function recordAndKill(bootId: string): Promise<{ sent: number; kept: number }> {
  const child = run("record-usage", bootId);
  let output = "";
  const ended = new Promise((resolve) => child.stdout?.on("data", (chunk) => (output += chunk)).once("end", resolve));
  await expect.poll(() => output.includes("kept"), { timeout: 10_000, interval: 10 }).toBe(true);
  await sleep(Math.random() * 300);
  child.kill("SIGKILL");
  await ended;
  const last = (word: string) =>
    Math.max(0, ...[...output.matchAll(new RegExp(`^${word} (\\d+)$`, "gm"))].map(([, n]) => Number(n)));
  return { sent: last("sent"), kept: last("kept") };
}

function openAdopter(bootId = "boot_adopter"): Shipper {
  const folder = spoolFolderOf(dataDir);
  const onError = () => {};
  const writer = openSpoolWriter({ folder, bootId, bytesMax: 1024 ** 3, onError });
  return openShipper({
    pool: postgres.platform,
    folder,
    bootId,
    writer,
    flush: () => {},
    onError,
    adoptionIntervalMs: 50,
    deadAfterMs: 300,
  });
}

/** Ships all that dead processes left. */
async function adoptAll(): Promise<void> {
  const adopter = openAdopter();
  await expect.poll(() => listBoots(spoolFolderOf(dataDir)), { timeout: 20_000, interval: 50 }).toEqual([]);
  await adopter.close(1_000);
}

test("kill -9 loses no request whose answer could have ended, and counts none twice", async () => {
  let sent = 0;
  for (let round = 1; round <= 5; round++) {
    const result = await recordAndKill(`boot_${round}`);
    expect(result.kept).toBeGreaterThan(0);
    await adoptAll();
    const { rows } = await postgres.platform.query<{ n: number; last: number }>(
      "SELECT count(*)::int AS n, max(split_part(request_id, ':', 2)::int) AS last FROM usage_events WHERE request_id LIKE $1",
      [`boot_${round}:%`],
    );
    expect(rows[0]?.n).toBe(rows[0]?.last); // no hole
    expect(rows[0]?.n).toBeGreaterThanOrEqual(result.kept);
    expect(rows[0]?.n).toBeLessThanOrEqual(result.sent);
    sent += rows[0]?.n ?? 0;
  }
  expect(await countUsage(postgres.platform)).toEqual({
    rows: sent,
    distinct: sent,
    minute: sent,
    hour: sent,
    day: sent,
  });
}, 60_000);

test("three shippers on one spool, killed at random, ship each row once", async () => {
  const folder = spoolFolderOf(dataDir);
  const total = 12_000;
  await writeSpool(join(dataDir, "elsewhere"), "boot_left", total);
  const start = async (bootId: string) => {
    const shipper = run("adopt-usage", bootId);
    await new Promise((resolve) => shipper.stdout?.once("data", resolve)); // it is looking for work
    return shipper;
  };
  const shippers = await Promise.all(["boot_x", "boot_y", "boot_z"].map(start));
  mkdirSync(folder, { recursive: true });
  renameSync(join(dataDir, "elsewhere", "boot_left"), join(folder, "boot_left")); // all three see it at the same moment

  let kills = 0;
  while (listBoots(folder).length > 0) {
    await sleep(50 + Math.random() * 150);
    const index = kills++ % shippers.length;
    shippers[index]?.kill("SIGKILL");
    shippers[index] = await start(`boot_again_${kills}`);
  }
  expect(kills).toBeGreaterThan(0);
  expect(await countUsage(postgres.platform)).toEqual({
    rows: total,
    distinct: total,
    minute: total,
    hour: total,
    day: total,
  });
}, 40_000);

/** A spool of several files, as a dead process leaves it. */
async function writeSpool(folder: string, bootId: string, total: number): Promise<void> {
  const writer = openSpoolWriter({ folder, bootId, bytesMax: 4_000_000, onError: () => {} });
  const recorder = openRecorder({ writer });
  for (let sent = 0; sent < total; sent += 20) {
    for (let index = 0; index < 20; index++)
      void recorder.record(usageEvent({ requestId: `req_${sent + index}`, apiKeyId: `key_${index % 7}` }));
    recorder.flush();
  }
  writer.close();
  expect(listFiles(folder, bootId).length).toBeGreaterThan(1);
}

test("a torn tail is left behind, and what is whole before it is shipped", async () => {
  const folder = spoolFolderOf(dataDir);
  const { kept } = await recordAndKill("boot_torn");
  for (const { file } of listFiles(folder, "boot_torn").slice(-1)) {
    const path = spoolFile(folder, "boot_torn", file);
    const bytes = readFileSync(path);
    appendFileSync(path, `#${bytes.length} 00000000\n`);
    appendFileSync(path, bytes.subarray(0, 500));
  }
  await adoptAll();
  const { rows, distinct, day } = await countUsage(postgres.platform);
  expect(rows).toBeGreaterThanOrEqual(kept);
  expect([distinct, day]).toEqual([rows, rows]);
}, 30_000);

test("a folder of a process that still writes is not removed under it", async () => {
  const child = run("record-usage", "boot_alive");
  const adopter = openAdopter();
  await expect.poll(() => listBoots(spoolFolderOf(dataDir)), { timeout: 10_000, interval: 10 }).toEqual(["boot_alive"]);
  await sleep(800);
  expect(listBoots(spoolFolderOf(dataDir))).toEqual(["boot_alive"]);
  child.kill("SIGKILL");
  await adopter.close(1_000);
}, 20_000);

test("PostgreSQL stopped at once in the middle of shipping and started again: all rows are there, once", async () => {
  const clusterDir = join(dataDir, "cluster");
  chmodSync(dataDir, 0o711);
  let server = await startPostgres({ dataDir: clusterDir, fsync: false });
  await migrate(server.url);
  const own = openTestPostgres(server.url);
  const usage = openUsage({
    env: { DATA_DIR: dataDir, SPOOL_MAX_BYTES: 1024 ** 3, ROLES: ["gateway"] },
    postgres: own,
    logger: pino({ level: "silent" }),
    bootId: "boot_restart",
  });
  try {
    let sent = 0;
    let isRecording = true;
    const recording = (async () => {
      while (isRecording) {
        const events = Array.from({ length: 40 }, () => usageEvent({ requestId: `req_${sent++}` }));
        const results = await Promise.all(events.map((event) => usage.recorder.record(event)));
        expect(new Set(results)).toEqual(new Set(["kept"]));
        void usage.recorder.shipped(50);
        await sleep(5);
      }
    })();
    for (let restart = 0; restart < 2; restart++) {
      await sleep(300 + Math.random() * 300);
      await stopAtOnce(clusterDir);
      await sleep(200);
      server = await startPostgres({ dataDir: clusterDir, fsync: false });
    }
    await sleep(300);
    isRecording = false;
    await recording;
    await expect.poll(async () => (await countUsage(own.platform)).rows, { timeout: 15_000, interval: 200 }).toBe(sent);
    expect(await countUsage(own.platform)).toEqual({ rows: sent, distinct: sent, minute: sent, hour: sent, day: sent });
  } finally {
    await usage.close();
    await Promise.all([own.app.end(), own.platform.end()]);
    await server.stop();
  }
}, 60_000);

/** SIGQUIT is PostgreSQL's immediate shutdown: no goodbye to anybody, recovery at the next start. */
async function stopAtOnce(clusterDir: string): Promise<void> {
  const pid = Number(readFileSync(join(clusterDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);
  process.kill(pid, "SIGQUIT");
  await expect.poll(() => isRunning(pid), { timeout: 10_000, interval: 20 }).toBe(false);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
