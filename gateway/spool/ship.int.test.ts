import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { frameBatch } from "#gateway/spool/batch";
import { type OpenUsage, openUsage } from "#gateway/spool/open-usage";
import { shipFile } from "#gateway/spool/ship-file";
import { listBoots, listFiles, spoolFolderOf } from "#gateway/spool/spool-folder";
import { openSpoolWriter } from "#gateway/spool/spool-writer";
import type { Runtime } from "#lib/platform/runtime";
import { encodeUsageRow } from "#lib/usage/event";
import { createTestDatabase, type TestDatabase } from "#test/database";
import { countUsage, givenApiKey, openTestPostgres } from "#test/usage-database";
import { anyUsageEvent, usageEvent } from "#test/usage-events";

let database: TestDatabase;
let postgres: Runtime["postgres"];
let dataDir: string;
const opened: OpenUsage[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = openTestPostgres(database.url);
});

afterAll(async () => {
  await Promise.all([postgres.app.end(), postgres.platform.end()]);
  await database.drop();
});

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "portico-ship-"));
  await postgres.platform.query(
    "DELETE FROM usage_events; DELETE FROM usage_rollups; DELETE FROM api_key_usage; DELETE FROM processes",
  );
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((usage) => usage.close()));
  rmSync(dataDir, { recursive: true, force: true });
});

function open(bootId: string, bytesMax = 1024 ** 3): OpenUsage {
  const env = { DATA_DIR: dataDir, SPOOL_MAX_BYTES: bytesMax, ROLES: ["gateway" as const] };
  const usage = openUsage({ env, postgres, logger: pino({ level: "silent" }), bootId });
  opened.push(usage);
  return usage;
}

const one = async <T>(sql: string): Promise<T> => (await postgres.platform.query(sql)).rows[0];

test("what was recorded is in the table, in the sums and in the key's totals, and the spool is empty after the end", async () => {
  await givenApiKey(postgres.platform, { id: "key_one", number: 1, accountId: "acct_one", tenantId: "tn_one" });
  const usage = open("boot_one");
  const at = Date.now();
  const events = [0, 1, 2].map((index) =>
    usageEvent({ occurredAtMs: at + index, requestId: `req_${index}`, ipAddress: `10.0.0.${index}` }),
  );
  const refused = usageEvent({
    occurredAtMs: at + 9,
    status: 401,
    errorCode: "API_KEY_REVOKED",
    requestId: "req_refused",
  });
  await Promise.all([...events, refused].map((event) => usage.recorder.record(event)));
  await usage.recorder.shipped(5_000);

  const { rows } = await postgres.platform.query(
    "SELECT request_id, endpoint, latency_us, trace FROM usage_events ORDER BY occurred_at",
  );
  expect(rows.map((row) => row.request_id)).toEqual(["req_0", "req_1", "req_2", "req_refused"]);
  expect(rows[0]).toMatchObject({ endpoint: "/api/v1/api-management/whoami", latency_us: 1_500, trace: [100, 1] });
  const sums = await postgres.platform.query(
    "SELECT period, sum(requests)::int AS requests, sum(errors)::int AS errors FROM usage_sums GROUP BY period ORDER BY period",
  );
  expect(sums.rows).toEqual(["day", "hour", "minute"].map((period) => ({ period, requests: 4, errors: 1 })));
  const key = await one<Record<string, unknown>>("SELECT * FROM api_key_usage");
  expect(key).toMatchObject({
    key_id: "key_one",
    generation: 1,
    total_requests: "3",
    last_used_at: new Date(at + 2),
    last_used_ip: "10.0.0.2",
  });

  await usage.close();
  opened.length = 0;
  expect(listBoots(spoolFolderOf(dataDir))).toEqual([]);
  expect(await one("SELECT stopped_at IS NOT NULL AS stopped FROM processes")).toEqual({ stopped: true });
});

test("nothing a caller can send keeps a row from being stored", async () => {
  const usage = open("boot_hostile");
  await fc.assert(
    fc.asyncProperty(fc.array(anyUsageEvent, { minLength: 1, maxLength: 20 }), async (events) => {
      const { rows: before } = await postgres.platform.query("SELECT count(*)::int AS n FROM usage_events");
      await Promise.all(events.map((event) => usage.recorder.record(event)));
      await usage.recorder.shipped(5_000);
      const { rows: after } = await postgres.platform.query("SELECT count(*)::int AS n FROM usage_events");
      expect(after[0].n - before[0].n).toBe(events.length);
    }),
    { numRuns: 25 },
  );
});

test("refusals of strangers: requests are rows and counted ones together", async () => {
  const usage = open("boot_strangers");
  const refusal = usageEvent({
    tenantId: "unknown",
    accountId: null,
    apiKeyId: null,
    status: 401,
    errorCode: "API_KEY_INVALID",
  });
  await Promise.all(Array.from({ length: 500 }, () => usage.recorder.countRefusal(refusal)));
  await usage.recorder.shipped(5_000);
  const { rows } = await one<{ rows: number }>("SELECT count(*)::int AS rows FROM usage_events");
  const sums = await one<{ requests: number; unrecorded: number }>(
    "SELECT sum(requests)::int AS requests, sum(unrecorded)::int AS unrecorded FROM usage_sums WHERE period = 'day'",
  );
  expect(rows).toBeLessThan(100);
  expect(sums).toEqual({ requests: 500, unrecorded: 500 - rows });
});

test("a spool that fills up drops no request from the sums, and says when it takes no more", async () => {
  const usage = open("boot_small", 65_536);
  const event = usageEvent({ userAgent: "x".repeat(500) });
  const results = await Promise.all(Array.from({ length: 60 }, () => usage.recorder.record(event)));
  expect(new Set(results)).toEqual(new Set(["kept"]));
  const more = await Promise.all(Array.from({ length: 60 }, () => usage.recorder.record(event)));
  expect(new Set(more)).toEqual(new Set(["dropped"]));
  expect([usage.recorder.accepts(), usage.isReady()]).toEqual([false, false]);

  await expect.poll(() => usage.isReady(), { timeout: 5_000 }).toBe(true);
  await usage.recorder.shipped(5_000);
  const sums = await one<{ requests: number; unrecorded: number }>(
    "SELECT sum(requests)::int AS requests, sum(unrecorded)::int AS unrecorded FROM usage_sums WHERE period = 'day'",
  );
  expect(sums).toEqual({ requests: 120, unrecorded: 60 });
});

test("a spool that lags is shipped in stretches, each of its own transaction, and no row twice", async () => {
  const folder = spoolFolderOf(dataDir);
  const writer = openSpoolWriter({ folder, bootId: "boot_lag", bytesMax: 1024 ** 3, onError: () => {} });
  const long = "x".repeat(500);
  for (let batch = 0; batch < 400; batch++)
    writer.append(
      frameBatch("#", encodeUsageRow(usageEvent({ requestId: `req_${batch}`, userAgent: long, path: long }))),
    );
  writer.close();
  const source = { pool: postgres.platform, folder, bootId: "boot_lag" };
  const shipped: number[] = [];
  const end = await shipFile({ ...source, stretchBytes: 200_000, onShipped: (rows) => shipped.push(rows) }, 1);
  expect(end).toBe(listFiles(folder, "boot_lag")[0]?.size);
  expect(shipped.length).toBeGreaterThan(1);
  expect(shipped.reduce((sum, rows) => sum + rows, 0)).toBe(400);
  await shipFile(source, 1);
  expect(await countUsage(postgres.platform)).toEqual({ rows: 400, distinct: 400, minute: 400, hour: 400, day: 400 });
});

test("an event from the year 2099 is filed under tomorrow", async () => {
  const usage = open("boot_clock");
  await usage.recorder.record(usageEvent({ occurredAtMs: Date.UTC(2099, 0, 1) }));
  await usage.recorder.shipped(5_000);
  expect(await one("SELECT occurred_at < now() + interval '25 hours' AS soon FROM usage_events")).toEqual({
    soon: true,
  });
});

test("processes count each other, until they say goodbye", async () => {
  const [first, second] = [open("boot_a"), open("boot_b")];
  await expect.poll(() => [first.liveProcesses(), second.liveProcesses()], { timeout: 5_000 }).toEqual([2, 2]);
  await second.close();
  opened.splice(1);
  await expect.poll(() => first.liveProcesses(), { timeout: 5_000 }).toBe(1);
  const beat = await one<{ shipped: boolean }>(
    "SELECT shipped_until > now() - interval '3 seconds' AS shipped FROM processes WHERE boot_id = 'boot_a'",
  );
  expect(beat).toEqual({ shipped: true });
});
