import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { composeRuntime, type Runtime } from "#lib/platform/runtime";
import { createTestDatabase, type TestDatabase } from "#test/database";
import { openTestPostgres } from "#test/usage-database";
import { removeExpiredJob } from "#worker/jobs/remove-expired";
import { type OpenWorker, openWorker } from "#worker/main";
import { type Job, jobs } from "#worker/schedule";

let database: TestDatabase;
let postgres: Runtime["postgres"];
let worker: OpenWorker | undefined;
const logger = pino({ level: "silent" });

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = openTestPostgres(database.url);
  composeRuntime({ postgres, logger });
});

afterAll(async () => {
  await worker?.close();
  await Promise.all([postgres.app.end(), postgres.platform.end()]);
  await database.drop();
});

const start = async (list: readonly Job[]) => {
  worker = await openWorker({ env: { DATABASE_URL: database.url }, logger, jobs: list });
};

test("a job the application enqueues is run at once, and kept for another try when it fails", async () => {
  const seen: unknown[] = [];
  await start([
    {
      task: "deliver_mail",
      run: async (payload) => {
        seen.push(payload);
        if (seen.length === 1) throw new Error("The mail server was busy.");
      },
    },
  ]);
  await postgres.app.query("SELECT portico.enqueue('deliver_mail', $1)", [JSON.stringify({ mail_id: "mail_one" })]);
  await expect.poll(() => seen.length, { timeout: 5_000 }).toBe(1);
  const { rows } = await queue(
    "SELECT attempts, last_error FROM graphile_worker.jobs WHERE task_identifier = 'deliver_mail'",
  );
  expect(rows).toEqual([{ attempts: 1, last_error: "The mail server was busy." }]);
  await worker?.close();
  worker = undefined;
  expect(seen).toEqual([{ mail_id: "mail_one" }]);
});

test("a worker that starts makes the partitions that are missing", async () => {
  const latest = "SELECT max(relname) AS name FROM pg_class WHERE relname ~ '^usage_events_[0-9]{4}_[0-9]{2}$'";
  const name = (await postgres.platform.query(latest)).rows[0].name;
  await postgres.platform.query(`DROP TABLE ${name}`);
  await start(jobs.filter(({ task }) => task === "create_usage_partitions"));
  await expect.poll(async () => (await postgres.platform.query(latest)).rows[0].name, { timeout: 5_000 }).toBe(name);
});

test("every job of the timetable is one the queue can read", async () => {
  await worker?.close();
  await start(jobs);
  const { rows } = await queue("SELECT identifier FROM graphile_worker._private_known_crontabs ORDER BY identifier");
  expect(rows.map(({ identifier }) => identifier)).toEqual(
    expect.arrayContaining(jobs.filter(({ cron }) => cron).map(({ task }) => task)),
  );
});

test("what has expired is removed and what has not stays", async () => {
  const { platform } = postgres;
  await platform.query("INSERT INTO tenants (id, slug, name) VALUES ('tn_one', 'one', 'One')");
  await platform.query(
    "INSERT INTO users (id, email, name, updated_at) VALUES ('usr_one', 'one@example.com', 'One', now())",
  );
  for (const [name, expiry] of [
    ["past", "-1 hour"],
    ["future", "1 hour"],
  ]) {
    await platform.query(
      "INSERT INTO sessions (id, user_id, kind, expires_at) VALUES ($1, 'usr_one', 'browser', now() + $2::interval)",
      [name, expiry],
    );
    await platform.query(
      "INSERT INTO verifications (hash, user_id, purpose, expires_at) VALUES (convert_to($1, 'UTF8'), 'usr_one', 'verify_email', now() + $2::interval)",
      [name, expiry],
    );
    await platform.query(
      `INSERT INTO idempotency_records (tenant_id, account_id, actor_id, method, path, key, body_hash, status, expires_at)
       VALUES ('tn_one', '', 'usr_one', 'POST', '/', $1, '\\x00', 201, now() + $2::interval)`,
      [name, expiry],
    );
  }
  await platform.query(
    "INSERT INTO refresh_tokens (hash, session_id, expires_at) VALUES ('\\x01', 'future', now() - interval '1 hour')",
  );
  await platform.query(
    "INSERT INTO usage_spools (boot_id, file, removed_at) VALUES ('boot_old', 1, now() - interval '8 days'), ('boot_new', 1, now()), ('boot_busy', 1, NULL)",
  );
  await removeExpiredJob();
  const left = async (sql: string) => (await platform.query(sql)).rows.map(({ id }) => id);
  expect(await left("SELECT id FROM sessions")).toEqual(["future"]);
  expect(await left("SELECT convert_from(hash, 'UTF8') AS id FROM verifications")).toEqual(["future"]);
  expect(await left("SELECT key AS id FROM idempotency_records")).toEqual(["future"]);
  expect(await left("SELECT session_id AS id FROM refresh_tokens")).toEqual([]);
  expect(await left("SELECT boot_id AS id FROM usage_spools ORDER BY 1")).toEqual(["boot_busy", "boot_new"]);
});

/** The queue's tables belong to the owner of the database. */
async function queue(sql: string) {
  const { Client } = await import("pg");
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
