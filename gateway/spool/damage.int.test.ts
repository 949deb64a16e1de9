import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { readBatches } from "#gateway/spool/batch";
import { openRecorder } from "#gateway/spool/open-recorder";
import { openShipper } from "#gateway/spool/open-shipper";
import { removeFile, shipFile } from "#gateway/spool/ship-file";
import { listBoots, listFiles, spoolFile, spoolFolderOf, tornFile } from "#gateway/spool/spool-folder";
import { openSpoolWriter } from "#gateway/spool/spool-writer";
import type { Runtime } from "#lib/platform/runtime";
import { createTestDatabase, type TestDatabase } from "#test/database";
import { countUsage, openTestPostgres } from "#test/usage-database";
import { usageEvent } from "#test/usage-events";

let database: TestDatabase;
let postgres: Runtime["postgres"];
let dataDir: string;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = openTestPostgres(database.url);
});

afterAll(async () => {
  await Promise.all([postgres.app.end(), postgres.platform.end()]);
  await database.drop();
});

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "portico-damage-"));
  folder = spoolFolderOf(dataDir);
  await postgres.platform.query("DELETE FROM usage_events; DELETE FROM usage_rollups; DELETE FROM usage_spools");
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** One file of a dead boot: three batches of ten requests. Returns its path and where each batch ends. */
function writeThreeBatches(bootId: string): { path: string; ends: [number, number, number] } {
  const writer = openSpoolWriter({ folder, bootId, bytesMax: 1024 ** 3, onError: () => {} });
  const recorder = openRecorder({ writer });
  const path = spoolFile(folder, bootId, 1);
  const writeBatch = (batch: number): number => {
    for (let index = 0; index < 10; index++) void recorder.record(usageEvent({ requestId: `req_${batch}_${index}` }));
    recorder.flush();
    return statSync(path).size;
  };
  const ends: [number, number, number] = [writeBatch(0), writeBatch(1), writeBatch(2)];
  writer.close();
  expect(readBatches(readFileSync(path)).batches).toHaveLength(3);
  return { path, ends };
}

function changeByte(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

/** Ships what dead boots left until their folders are gone. Returns what would be logged. */
async function adoptAll(): Promise<string[]> {
  const logged: string[] = [];
  const bootId = "boot_adopter";
  const onError = (error: unknown, what: string) => logged.push(`${what}: ${error}`);
  const shipper = openShipper({
    pool: postgres.platform,
    folder,
    bootId,
    writer: openSpoolWriter({ folder, bootId, bytesMax: 1024 ** 3, onError }),
    flush: () => {},
    onError,
    adoptionIntervalMs: 50,
    deadAfterMs: 200,
  });
  await expect.poll(() => listBoots(folder), { timeout: 5_000, interval: 20 }).toEqual([]);
  await shipper.close(1_000);
  return logged;
}

test("a batch damaged in the middle is told, and its file kept with everything behind it", async () => {
  const { path, ends } = writeThreeBatches("boot_damaged");
  changeByte(path, ends[1] - 5);
  const bytes = readFileSync(path);

  const kept = tornFile(folder, "boot_damaged", 1);
  expect(await adoptAll()).toEqual([
    `a spool file is damaged in the middle; it is kept aside: ` +
      `Error: ${kept}: the ${bytes.length - ends[0]} bytes behind the first ${ends[0]} are not shipped.`,
  ]);
  expect(readFileSync(kept).equals(bytes)).toBe(true);
  expect((await countUsage(postgres.platform)).rows).toBe(10);
  expect(await adoptAll()).toEqual([]); // never shipped again
  expect(existsSync(kept)).toBe(true);
});

test("the torn write a killed process leaves at the end goes quietly", async () => {
  const { path, ends } = writeThreeBatches("boot_killed");
  truncateSync(path, ends[2] - 5);
  expect(await adoptAll()).toEqual([]);
  expect(existsSync(tornFile(folder, "boot_killed", 1))).toBe(false);
  expect((await countUsage(postgres.platform)).rows).toBe(20);
});

test("a file that grew after it was shipped is not removed before the rest is shipped too", async () => {
  const { path, ends } = writeThreeBatches("boot_asleep");
  const bytes = readFileSync(path);
  const source = { pool: postgres.platform, folder, bootId: "boot_asleep" };
  truncateSync(path, ends[1]);
  expect(await shipFile(source, 1)).toBe(ends[1]);
  writeFileSync(path, bytes); // it woke up
  expect(await removeFile(source, 1)).toBeNull();
  expect(listFiles(folder, "boot_asleep")).toEqual([{ file: 1, size: bytes.length }]);
  expect(await adoptAll()).toEqual([]);
  expect((await countUsage(postgres.platform)).rows).toBe(30);
});

test("a process taken for dead writes to no file that was put aside", async () => {
  let nowMs = 0;
  const options = { folder, bootId: "boot_paused", bytesMax: 1024 ** 3, onError: () => {}, clockMs: () => nowMs };
  const writer = openSpoolWriter(options);
  const recorder = openRecorder({ writer });
  const recordOne = (requestId: string) => {
    void recorder.record(usageEvent({ requestId }));
    recorder.flush();
  };
  recordOne("req_damaged");
  recordOne("req_behind");
  changeByte(spoolFile(folder, "boot_paused", 1), 100);
  expect(await adoptAll()).toHaveLength(1);
  nowMs += 5_000;
  recordOne("req_awake");
  writer.close();
  await adoptAll();
  expect(await countUsage(postgres.platform)).toMatchObject({ rows: 1, day: 1 });
});
