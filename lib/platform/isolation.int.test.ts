import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Db, inTenant } from "#lib/platform/db";
import { runtime } from "#lib/platform/runtime";
import { openApi, type TestApi } from "#test/api";
import { createWorld, issueKey, type World } from "#test/world";

/**
 * Row-level security on its own: every query here leaves out the filters our code always writes. What comes back is what a
 * forgotten filter would have shown.
 */
let api: TestApi;
let world: World;

beforeAll(async () => {
  api = await openApi();
  world = await createWorld();
  for (const { tenantId, reseller, customer, stranger } of [world.one, world.two]) {
    for (const account of [reseller, customer, stranger]) await issueKey(tenantId, account);
    await inTenant({ tenantId, reach: "*" }, (db) =>
      db.service.create({
        data: { id: `svc_${tenantId}`, tenantId, number: 1, name: "s", displayName: "S", baseUrl: "http://s.test" },
      }),
    );
  }
});

afterAll(() => api.close());

const tenantIdsOf = (rows: { tenantId: string }[]) => [...new Set(rows.map(({ tenantId }) => tenantId))];

describe("a transaction bound to a tenant", () => {
  it("reads nothing of another tenant from any table, without a filter, through Prisma", async () => {
    await inTenant({ tenantId: world.one.tenantId, reach: "*" }, async (db) => {
      const reads = [db.apiKey, db.account, db.auditEntry, db.domainEvent, db.service, db.numberSequence].map((model) =>
        (model as Db["apiKey"]).findMany(),
      );
      for (const rows of await Promise.all(reads)) expect(tenantIdsOf(rows)).toEqual([world.one.tenantId]);
      expect((await db.tenant.findMany()).map(({ id }) => id)).toEqual([world.one.tenantId]);
    });
  });

  it("reads nothing foreign through pg, in every table that has a tenant", async () => {
    const { rows: tables } = await runtime().postgres.platform.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
         AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')
         AND has_table_privilege('portico_app', c.oid, 'SELECT')`,
    );
    expect(tables.length).toBeGreaterThan(12);
    const client = await runtime().postgres.app.connect();
    try {
      await client.query("BEGIN");
      await client.query(
        "SELECT set_config('portico.tenant_id', $1, true), set_config('portico.account_id', '*', true)",
        [world.one.tenantId],
      );
      for (const { name } of tables) {
        const { rows } = await client.query(`SELECT DISTINCT tenant_id FROM ${name} WHERE tenant_id <> $1`, [
          world.one.tenantId,
        ]);
        expect({ name, rows }).toEqual({ name, rows: [] });
      }
    } finally {
      await client.query("ROLLBACK");
      client.release();
    }
  });

  it("changes nothing foreign: no row is updated, an insert for another tenant is refused", async () => {
    await inTenant({ tenantId: world.one.tenantId, reach: "*" }, async (db) => {
      const { count } = await db.apiKey.updateMany({ data: { name: "Taken" } });
      expect(count).toBe(3);
    });
    const named = await runtime().postgres.platform.query("SELECT tenant_id FROM api_keys WHERE name = 'Taken'");
    expect(new Set(named.rows.map((row) => row.tenant_id))).toEqual(new Set([world.one.tenantId]));
    const insert = inTenant({ tenantId: world.one.tenantId, reach: "*" }, (db) =>
      db.account.create({
        data: { id: "acct_x", tenantId: world.two.tenantId, number: 99, kind: "customer", name: "x" },
      }),
    );
    await expect(insert).rejects.toThrow(/row-level security/);
  });

  it("a customer reaches its own account, a reseller its customers too, and nobody their neighbours", async () => {
    const { tenantId, reseller, customer, stranger } = world.one;
    const reached = async (reach: string) =>
      inTenant({ tenantId, reach }, async (db) =>
        (await db.apiKey.findMany()).map(({ accountId }) => accountId).sort(),
      );
    expect(await reached(customer)).toEqual([customer]);
    expect(await reached(stranger)).toEqual([stranger]);
    expect(await reached(reseller)).toEqual([customer, reseller].sort());
    expect(await reached("*")).toEqual([customer, reseller, stranger].sort());
    expect(await reached(world.two.reseller)).toEqual([]);
  });

  it("a customer that moved away is out of reach at once", async () => {
    const { tenantId, reseller, customer } = world.two;
    const reached = () =>
      inTenant({ tenantId, reach: reseller }, async (db) =>
        (await db.apiKey.findMany()).map(({ accountId }) => accountId),
      );
    expect(await reached()).toContain(customer);
    await runtime().postgres.platform.query("UPDATE accounts SET parent_id = NULL WHERE id = $1", [customer]);
    expect(await reached()).not.toContain(customer);
  });
});

describe("the roles", () => {
  it("a connection that names no tenant reads nothing, not everything", async () => {
    for (const table of ["api_keys", "accounts", "audit_entries", "usage_events"])
      expect((await runtime().postgres.app.query(`SELECT 1 FROM ${table}`)).rowCount).toBe(0);
  });

  it("people, sessions, mails and signing keys are out of the application role's reach altogether", async () => {
    for (const table of ["users", "sessions", "refresh_tokens", "verifications", "mails", "signing_keys"]) {
      await expect(runtime().postgres.app.query(`SELECT 1 FROM ${table}`)).rejects.toThrow(/permission denied/);
    }
  });

  it("the audit log and the events can be added to, not changed, by either role", async () => {
    for (const role of ["app", "platform"] as const) {
      for (const table of ["audit_entries", "domain_events"]) {
        await expect(runtime().postgres[role].query(`DELETE FROM ${table}`)).rejects.toThrow(/permission denied/);
        await expect(runtime().postgres[role].query(`UPDATE ${table} SET tenant_id = 'x'`)).rejects.toThrow(
          /permission denied/,
        );
      }
    }
  });

  it("every table with a tenant has row-level security, forced but for the usage events the shipper copies into", async () => {
    const { rows } = await runtime().postgres.platform.query(
      `SELECT c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced FROM pg_class c
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
         AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)`,
    );
    expect(rows.filter(({ enabled }) => !enabled)).toEqual([]);
    expect(rows.filter(({ forced }) => !forced).map(({ name }) => name)).toEqual(["usage_events"]);
    const roles = await runtime().postgres.platform.query(
      "SELECT bool_or(rolsuper OR rolbypassrls OR rolcanlogin) AS strong FROM pg_roles WHERE rolname LIKE 'portico%'",
    );
    expect(roles.rows[0].strong).toBe(false);
  });

  it("300 interleaved transactions of two tenants on one pool, some aborted, never see each other", async () => {
    const run = async (n: number) => {
      const { tenantId } = n % 2 === 0 ? world.one : world.two;
      const work = inTenant({ tenantId, reach: "*" }, async (db) => {
        const ids = tenantIdsOf(await db.apiKey.findMany());
        if (n % 10 === 0) throw new Error("aborted on purpose");
        return ids;
      });
      const ids = await work.catch(() => [tenantId]);
      return ids.length === 1 && ids[0] === tenantId;
    };
    const right = await Promise.all(Array.from({ length: 300 }, (_, n) => run(n)));
    expect(right.every(Boolean)).toBe(true);
  });
});
