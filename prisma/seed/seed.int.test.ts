import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { demoKeysFile, readDemoKeys, writeDemoKeys } from "#dev/demo-keys";
import { hashSecret } from "#lib/keys/secret";
import { type Env, readEnv } from "#lib/platform/env";
import { seed } from "#prisma/seed";
import { createTestDatabase, type TestDatabase } from "#test/database";
import { temporaryDataFolder } from "#test/folders";

let database: TestDatabase;
let dataDir: string;
let client: pg.Client;
let env: Env;

beforeEach(async () => {
  database = await createTestDatabase();
  dataDir = temporaryDataFolder();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const secret = "a secret of at least thirty-two bytes";
  const secrets = { AUTH_SECRET: secret, KEY_PEPPER: secret, ENCRYPTION_KEY: secret };
  env = readEnv({ NODE_ENV: "test", DATABASE_URL: database.url, DATA_DIR: dataDir, PORTICO_DEMO: "1", ...secrets });
});
afterEach(async () => {
  await client.end();
  await database.drop();
  rmSync(dataDir, { recursive: true });
});

const seedHere = () => seed({ databaseUrl: database.url, dataDir, env });
const rows = async (sql: string, values: unknown[] = []) => (await client.query(sql, values)).rows;

/** Everything the seed writes, to compare. */
async function everything() {
  const tables = ["tenants", "accounts", "users", "memberships", "api_keys", "services", "gateways", "routes"];
  const contents = [];
  for (const table of tables) contents.push(await rows(`SELECT to_jsonb(t) AS row FROM ${table} t ORDER BY id`));
  return { contents, file: readFileSync(demoKeysFile(dataDir), "utf8") };
}

/** As the version before left it: tenant, accounts, people and the customer's key, and nothing of the gateway. */
async function forgetTheGateway(): Promise<void> {
  for (const table of ["routes", "gateways", "account_services", "services"])
    await client.query(`DELETE FROM ${table}`);
  await client.query("DELETE FROM number_sequences WHERE kind = 'service'");
  await client.query("DELETE FROM api_keys WHERE account_id IN (SELECT id FROM accounts WHERE kind = 'partner')");
  await client.query("DELETE FROM accounts WHERE kind = 'partner'");
  const { customer } = readDemoKeys(dataDir);
  writeDemoKeys(dataDir, { customer: String(customer) });
}

test("a new installation has S4's services as 1 to 6, S1's and S0's after them, all at the demo upstream", async () => {
  expect(await seedHere()).toBe(true);
  const { ports } = JSON.parse(readFileSync(join(dataDir, "demo-upstream.json"), "utf8"));
  const base_url = `http://127.0.0.1:${ports[0]}`;
  expect(await rows("SELECT number, name, base_url FROM services ORDER BY number")).toEqual(
    ["users", "posts", "comments", "todos", "albums", "photos", "gst", "customers"].map((name, at) => ({
      number: at + 1,
      name,
      base_url,
    })),
  );
});

test("its gateways publish them on the portal's own host, each in its error format", async () => {
  await seedHere();
  const published = await rows(`
    SELECT g.name, g.error_format, g.serve_on_portal, array_agg(r.path || ' ' || s.name ORDER BY s.number) AS routes
    FROM gateways g JOIN routes r ON r.gateway_id = g.id JOIN services s ON s.id = r.service_id
    GROUP BY g.id ORDER BY g.name DESC`);
  expect(published).toEqual([
    {
      name: "Demo Networks Partner API",
      error_format: "partner",
      serve_on_portal: true,
      routes: ["users", "posts", "comments", "todos", "albums", "photos"].map((name) => `/${name}/* ${name}`),
    },
    {
      name: "Demo Networks API",
      error_format: "problem",
      serve_on_portal: true,
      routes: ["/api/gst/verify gst", "/api/v1/customers/* customers"],
    },
  ]);
});

test("its partners are accounts 1 to 3, may call what S4 says, and hold the keys in the file", async () => {
  await seedHere();
  const partners = await rows(`
    SELECT a.number, a.name, a.all_services, a.limits,
      ARRAY(SELECT s.number FROM account_services g JOIN services s ON s.id = g.service_id
            WHERE g.account_id = a.id ORDER BY 1) AS services
    FROM accounts a WHERE kind = 'partner' ORDER BY number`);
  const perMinute = (limit: number) => [expect.objectContaining({ limit, window_seconds: 60 })];
  expect(partners).toEqual([
    { number: 1, name: "Premium Partner", all_services: false, limits: perMinute(100), services: [1, 2, 3, 4, 5, 6] },
    { number: 2, name: "Basic Partner", all_services: false, limits: perMinute(30), services: [1, 2] },
    { number: 3, name: "Todo App", all_services: false, limits: perMinute(50), services: [4] },
  ]);
  const numbers = await rows("SELECT number, kind FROM accounts WHERE kind <> 'partner' ORDER BY number");
  expect(numbers.map(({ number, kind }) => `${number} ${kind}`)).toEqual(["4 internal", "5 reseller", "6 customer"]);

  expect(statSync(demoKeysFile(dataDir)).mode & 0o777).toBe(0o600);
  const owners: [string, unknown][] = [];
  for (const [holder, secret] of Object.entries(readDemoKeys(dataDir))) {
    const [owner] = await rows(
      "SELECT a.name FROM api_keys k JOIN accounts a ON a.id = k.account_id WHERE secret_hash = $1",
      [hashSecret(env.KEY_PEPPER, secret)],
    );
    owners.push([holder, owner?.name]);
  }
  expect(Object.fromEntries(owners)).toEqual({
    premium: "Premium Partner",
    basic: "Basic Partner",
    todo: "Todo App",
    customer: "Brightwater Labs",
  });
});

test("seeding again changes nothing, and brings back nothing that was deleted or changed", async () => {
  await seedHere();
  const seeded = await everything();
  expect(await seedHere()).toBe(false);
  expect(await everything()).toEqual(seeded);

  await client.query("DELETE FROM routes");
  await client.query("DELETE FROM services");
  await client.query("UPDATE gateways SET name = name || ', ours'");
  const changed = await everything();
  expect(await seedHere()).toBe(false);
  expect(await everything()).toEqual(changed);
});

test("an installation that the version before seeded gets what is new and keeps its key", async () => {
  await seedHere();
  const { customer } = readDemoKeys(dataDir);
  await forgetTheGateway();
  expect(await seedHere()).toBe(true);
  expect(Object.keys(readDemoKeys(dataDir))).toEqual(["premium", "basic", "todo", "customer"]);
  expect(readDemoKeys(dataDir).customer).toBe(customer);
  expect(await rows("SELECT count(*)::int AS routes FROM routes")).toEqual([{ routes: 8 }]);
  expect(await rows("SELECT count(*)::int AS people FROM users")).toEqual([{ people: 5 }]);
});

test("a tenant that somebody founded themselves is left alone", async () => {
  await client.query("INSERT INTO tenants (id, slug, name, is_default) VALUES ('tn_own', 'own', 'Own', true)");
  expect(await seedHere()).toBe(false);
  expect(await rows("SELECT count(*)::int AS services FROM services")).toEqual([{ services: 0 }]);
});

test("when the demo upstream had to move, its services follow, and those that people pointed elsewhere stay", async () => {
  await seedHere();
  const file = join(dataDir, "demo-upstream.json");
  const { ports } = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ports: [1025, ...ports] }));
  await client.query("UPDATE services SET base_url = 'http://127.0.0.1:9' WHERE name = 'gst'");
  await seedHere();
  const urls = await rows("SELECT DISTINCT base_url FROM services ORDER BY 1");
  expect(urls.map(({ base_url }) => base_url)).toEqual(["http://127.0.0.1:1025", "http://127.0.0.1:9"]);
});
