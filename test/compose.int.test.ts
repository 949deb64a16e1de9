import { rmSync } from "node:fs";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Env, readEnv } from "#lib/platform/env";
import { composeRuntime, runtime } from "#lib/platform/runtime";
import { createTestDatabase, type TestDatabase } from "#test/database";
import { temporaryDataFolder } from "#test/folders";
import { composeProcess } from "../compose.ts";

let database: TestDatabase;
let env: Env;
beforeEach(async () => {
  database = await createTestDatabase();
  const secret = "a secret of at least thirty-two bytes";
  env = readEnv({
    NODE_ENV: "test",
    LOG_LEVEL: "silent",
    DATABASE_URL: database.url,
    DATA_DIR: temporaryDataFolder(),
    AUTH_SECRET: secret,
    KEY_PEPPER: secret,
    ENCRYPTION_KEY: secret,
  });
});
afterEach(async () => {
  await database.drop();
  rmSync(env.DATA_DIR, { recursive: true });
});

test("readiness tells a stranger that the database is away, and no more", async () => {
  const composed = await composeProcess(env);
  expect(await composed.readiness()).toEqual({ ready: true, checks: { database: "ok", changes: "ok", spool: "ok" } });
  const { platform } = runtime().postgres;
  const { query } = platform;
  platform.query = (() => Promise.reject(new Error('role "portico" of 10.0.0.7 may not'))) as never;
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const readiness = await composed.readiness();
  platform.query = query;
  expect(readiness).toEqual({ ready: false, checks: { database: "unreachable", changes: "ok", spool: "ok" } });
  await composed.close();
});

test("what cannot be closed keeps nothing else open", async () => {
  const composed = await composeProcess(env);
  composeRuntime({
    mailer: {
      send: async () => undefined,
      close: () => {
        throw new Error("the mail server hangs");
      },
    },
  });
  await expect(composed.close()).rejects.toThrow("Not everything could be closed: the mail server hangs");
  expect([runtime().postgres.app.ended, runtime().postgres.platform.ended]).toEqual([true, true]);
  expect(await ask("SELECT stopped_at IS NOT NULL AS stopped FROM processes")).toEqual([{ stopped: true }]);
});

test("without Redis a process starts only when the one before it is silent", async () => {
  await ask(
    "INSERT INTO processes (boot_id, roles, heartbeat_at) VALUES ('boot_0', '{}', now() - interval '4 seconds')",
  );
  const composed = await composeProcess(env);
  const [elder] = await ask(
    "SELECT heartbeat_at < now() - interval '5 seconds' AS silent FROM processes WHERE boot_id = 'boot_0'",
  );
  expect(elder).toEqual({ silent: true });
  await composed.close();
});

async function ask(text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows;
}
