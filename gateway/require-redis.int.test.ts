import type { Pool } from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { requireRedisForSeveral } from "#gateway/require-redis";
import type { Runtime } from "#lib/platform/runtime";
import { createTestDatabase, type TestDatabase } from "#test/database";
import { openTestPostgres } from "#test/usage-database";

let database: TestDatabase;
let postgres: Runtime["postgres"];
let pool: Pool;
let warnings: string[];
beforeAll(async () => {
  database = await createTestDatabase();
  postgres = openTestPostgres(database.url);
  pool = postgres.platform;
});
afterAll(async () => {
  await Promise.all([postgres.app.end(), postgres.platform.end()]);
  await database.drop();
});
beforeEach(async () => {
  warnings = [];
  await pool.query("DELETE FROM processes");
});

const seconds = (text: string) => `now() + interval '${text}'`;
const beat = (bootId: string, { started = "0", heartbeat = "0", stopped = false } = {}) =>
  pool.query(
    `INSERT INTO processes (boot_id, roles, started_at, heartbeat_at, stopped_at)
     VALUES ($1, '{portal}', ${seconds(started)}, ${seconds(heartbeat)}, ${stopped ? "now()" : "NULL"})`,
    [bootId],
  );
const require = (bootId: string, patienceMs: number) =>
  requireRedisForSeveral({ pool, bootId, patienceMs, logger: { warn: (_, message) => warnings.push(message) } });
const refused = { name: "SettingsError", message: expect.stringMatching(/^Another Portico process .* set REDIS_URL/) };

test("a process alone starts as soon as its heartbeat is written", async () => {
  const started = require("boot_b", 5_000);
  setTimeout(() => beat("boot_b"), 50);
  const startedMs = performance.now();
  await started;
  expect(performance.now() - startedMs).toBeLessThan(1_000);
  expect(warnings).toEqual([]);
});

test("beside one that lives it is refused in one sentence, after a warning", async () => {
  await beat("boot_a", { started: "-1 hour" });
  await beat("boot_b");
  await expect(require("boot_b", 600)).rejects.toMatchObject(refused);
  expect(warnings).toHaveLength(1);
});

test("one that stopped, or fell silent, is in nobody's way", async () => {
  await beat("boot_a", { started: "-1 hour", stopped: true });
  await beat("boot_b", { started: "-1 hour", heartbeat: "-6 seconds" });
  await beat("boot_c");
  await require("boot_c", 0);
});

test("one that was killed a moment ago is waited for", async () => {
  await beat("boot_a", { started: "-1 hour", heartbeat: "-4 seconds" });
  await beat("boot_b");
  await require("boot_b", 10_000);
  expect(warnings).toHaveLength(1);
});

test("of two that start at once, one stays", async () => {
  await beat("boot_a", { started: "-1 second" });
  await beat("boot_b", { started: "-1 second" });
  const outcomes = await Promise.allSettled([require("boot_a", 300), require("boot_b", 300)]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
});

test("without a heartbeat of its own a process does not start as if it were alone", async () => {
  await expect(require("boot_b", 100)).rejects.toThrow("The heartbeat of this process could not be written.");
});
