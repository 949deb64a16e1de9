import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenUsage, openUsage } from "#gateway/spool/open-usage";
import type { Actor } from "#lib/core/actor";
import type { Endpoint, InputOf } from "#lib/core/endpoint";
import { permissions } from "#lib/core/permissions";
import { type Authorized, authorize } from "#lib/platform/context";
import { inTenant } from "#lib/platform/db";
import { openPrisma } from "#lib/platform/prisma";
import { composeRuntime, type Runtime } from "#lib/platform/runtime";
import * as contract from "#lib/usage/contract";
import { createUsagePartitions } from "#lib/usage/create-usage-partitions";
import { getKeyStats } from "#lib/usage/get-key-stats";
import { getKeyUsage } from "#lib/usage/get-key-usage";
import { getStats } from "#lib/usage/get-stats";
import { listUsage } from "#lib/usage/list-usage";
import { removeOldUsage } from "#lib/usage/remove-old-usage";
import { createTestDatabase, type TestDatabase } from "#test/database";
import { givenApiKey, openTestPostgres } from "#test/usage-database";
import { usageEvent } from "#test/usage-events";

let database: TestDatabase;
let postgres: Runtime["postgres"];
let usage: OpenUsage;
let dataDir: string;
let closePrisma: () => Promise<void>;
const now = new Date();

// A reseller with a customer, their neighbour in the same tenant, and another tenant.
const reseller = { id: "key_reseller", number: 1, accountId: "acct_reseller", tenantId: "tn_one" };
const customer = {
  id: "key_customer",
  number: 2,
  accountId: "acct_customer",
  tenantId: "tn_one",
  parentId: "acct_reseller",
};
const neighbour = { id: "key_neighbour", number: 3, accountId: "acct_neighbour", tenantId: "tn_one" };
const foreign = { id: "key_foreign", number: 1, accountId: "acct_foreign", tenantId: "tn_two" };

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = openTestPostgres(database.url);
  dataDir = mkdtempSync(join(tmpdir(), "portico-usage-"));
  const prisma = openPrisma(postgres);
  closePrisma = prisma.close;
  const logger = pino({ level: "silent" });
  usage = openUsage({
    env: { DATA_DIR: dataDir, SPOOL_MAX_BYTES: 1024 ** 3, ROLES: ["portal"] },
    postgres,
    logger,
    bootId: "boot_test",
  });
  composeRuntime({ postgres, prisma: prisma.prisma, logger, usage: usage.recorder });
  for (const key of [reseller, customer, neighbour, foreign]) await givenApiKey(postgres.platform, key);
  await recordCalls();
});

afterAll(async () => {
  await usage.close();
  await closePrisma();
  await Promise.all([postgres.app.end(), postgres.platform.end()]);
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** For each key three calls: one answered, one limited, one an hour old on an API of the account's own. */
async function recordCalls(): Promise<void> {
  const at = now.getTime();
  for (const { id: apiKeyId, accountId, tenantId } of [reseller, customer, neighbour, foreign]) {
    const call = { apiKeyId, accountId, tenantId };
    const events = [
      usageEvent({
        ...call,
        occurredAtMs: at - 2_000,
        requestId: `${apiKeyId}/ok`,
        latencyUs: 2_000,
        ipAddress: "10.1.1.1",
      }),
      usageEvent({
        ...call,
        occurredAtMs: at - 1_000,
        requestId: `${apiKeyId}/limited`,
        status: 429,
        errorCode: "RATE_LIMIT_EXCEEDED",
        latencyUs: 1_000,
      }),
      usageEvent({
        ...call,
        occurredAtMs: at - 3_600_000,
        requestId: `${apiKeyId}/traffic`,
        isManagement: false,
        endpoint: "/orders/{id}",
        path: "/orders/7",
        method: "POST",
        latencyUs: 9_000,
        credits: 3,
        requestBytes: 10,
        trace: [100, 1, 400],
      }),
    ];
    await Promise.all(events.map((event) => usage.recorder.record(event)));
  }
}

/** Runs a domain function as somebody of the tenant who reaches an account (`*`: all), with the contract's defaults filled in. */
function as<E extends Endpoint & { query: NonNullable<Endpoint["query"]> }, T>(
  { tenantId, reach }: { tenantId: string; reach: string },
  endpoint: E,
  sent: Record<string, unknown>,
  run: (ctx: Authorized<"usage:read">, query: InputOf<E>["query"]) => Promise<T>,
): Promise<T> {
  const actor: Actor = {
    kind: "user",
    id: "usr_one",
    tenantId,
    accountId: reach === "*" ? null : reach,
    role: "owner",
    permissions: new Set(permissions),
    grants: { read: true, write: true, admin: false },
    reach,
    via: "session",
    sessionId: null,
  };
  const query = endpoint.query.parse(sent) as InputOf<E>["query"];
  return inTenant({ tenantId, reach }, (db) =>
    run(
      authorize(
        { actor, db, now: new Date(), requestId: "req_test", ipAddress: "127.0.0.1", userAgent: null },
        "usage:read",
      ),
      query,
    ),
  );
}

const everyone = { tenantId: "tn_one", reach: "*" };
const theCustomer = { tenantId: "tn_one", reach: "acct_customer" };
const theReseller = { tenantId: "tn_one", reach: "acct_reseller" };

async function requestsSeenBy(
  who: { tenantId: string; reach: string },
  query: Record<string, unknown> = {},
): Promise<string[]> {
  const { data } = await as(who, contract.listUsage, query, listUsage);
  return data.map(({ request_id }) => request_id);
}

test("a call is listed as soon as it was answered, newest first, with everything that is known of it", async () => {
  await usage.recorder.record(
    usageEvent({
      ...customer,
      apiKeyId: customer.id,
      requestId: "req_now",
      isManagement: false,
      endpoint: "/now",
      occurredAtMs: Date.now(),
    }),
  );
  const { data } = await as(theCustomer, contract.listUsage, {}, listUsage);
  expect(data.map(({ request_id }) => request_id)).toEqual([
    "req_now",
    "key_customer/limited",
    "key_customer/ok",
    "key_customer/traffic",
  ]);
  expect(data[3]).toMatchObject({
    api_key_id: "key_customer",
    account_id: "acct_customer",
    customer_id: "acct_customer",
    endpoint: "/orders/{id}",
    path: "/orders/7",
    method: "POST",
    status_code: 200,
    response_time: 0.009,
    response_time_ms: 9,
    credits_used: 3,
    ip_address: "127.0.0.1",
    user_agent: "test",
    timestamp: new Date(now.getTime() - 3_600_000).toISOString(),
    is_management: false,
    decisions: ["Authentication: the API key is good (its secret number 1).", "Permission: granted."],
  });
  contract.listUsage.success.schema.parse({ data, next_cursor: null, has_more: false });
});

test("a customer sees its own calls, a reseller also its customers', an administrator its tenant's", async () => {
  const accounts = async (who: { tenantId: string; reach: string }) => {
    const { data } = await as(who, contract.listUsage, {}, listUsage);
    return [...new Set(data.map(({ account_id }) => account_id))].toSorted();
  };
  expect(await accounts(theCustomer)).toEqual(["acct_customer"]);
  expect(await accounts(theReseller)).toEqual(["acct_customer", "acct_reseller"]);
  expect(await accounts(everyone)).toEqual(["acct_customer", "acct_neighbour", "acct_reseller"]);
  expect(await accounts({ tenantId: "tn_two", reach: "*" })).toEqual(["acct_foreign"]);
});

test("without any filter of ours, the database itself shows a tenant and an account only theirs", async () => {
  for (const table of ["usage_events", "usage_rollups"]) {
    const seen = await inTenant({ tenantId: "tn_one", reach: "acct_customer" }, (db) =>
      db.$queryRawUnsafe<{ tenant_id: string; account_id: string }[]>(
        `SELECT DISTINCT tenant_id, account_id FROM ${table}`,
      ),
    );
    expect(seen).toEqual([{ tenant_id: "tn_one", account_id: "acct_customer" }]);
    expect((await postgres.app.query(`SELECT * FROM ${table}`)).rows).toEqual([]);
  }
  await expect(postgres.app.query("SELECT * FROM usage_events_default")).rejects.toThrow(/permission denied/);
  await expect(postgres.app.query("SELECT * FROM usage_rollups_day")).rejects.toThrow(/permission denied/);
  await expect(postgres.app.query("DELETE FROM usage_events")).rejects.toThrow(/permission denied/);
});

test("pages follow each other without a gap or a repeat", async () => {
  const seen: string[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await as(everyone, contract.listUsage, { limit: 2, ...(cursor && { cursor }) }, listUsage);
    seen.push(...page.data.map(({ request_id }) => request_id));
    cursor = page.next_cursor;
  } while (cursor);
  expect(seen).toEqual(await requestsSeenBy(everyone));
  expect(new Set(seen).size).toBe(seen.length);
});

test("rows are found by key (id or number), endpoint, method, status, class of status, kind and time", async () => {
  expect(await requestsSeenBy(everyone, { api_key_id: "key_neighbour" })).toHaveLength(3);
  expect(await requestsSeenBy(everyone, { api_key_id: "3", status_code: "429" })).toEqual(["key_neighbour/limited"]);
  expect(await requestsSeenBy(everyone, { api_key_id: "3", status_code: "4xx" })).toEqual(["key_neighbour/limited"]);
  expect(await requestsSeenBy(everyone, { account_id: "acct_neighbour", endpoint: "/orders/{id}" })).toEqual([
    "key_neighbour/traffic",
  ]);
  expect(await requestsSeenBy(everyone, { api_key_id: "3", method: "POST" })).toEqual(["key_neighbour/traffic"]);
  expect(await requestsSeenBy(everyone, { api_key_id: "3", management: "exclude" })).toEqual(["key_neighbour/traffic"]);
  const to = new Date(now.getTime() - 1_500).toISOString();
  expect(await requestsSeenBy(everyone, { api_key_id: "3", to })).toEqual([
    "key_neighbour/ok",
    "key_neighbour/traffic",
  ]);
  expect(await requestsSeenBy(everyone, { api_key_id: "3", time_range: "24h" })).toHaveLength(3);
  expect(await requestsSeenBy(theCustomer, { api_key_id: "key_neighbour" })).toEqual([]);
  expect(await requestsSeenBy(everyone, { api_key_id: "key_foreign" })).toEqual([]);
});

test("cursors we did not give out and impossible times are refused", async () => {
  const cursors = [
    "x",
    "e30",
    Buffer.from('[1,"x"]').toString("base64url"),
    Buffer.from('[8640000000000000,"1"]').toString("base64url"),
  ];
  for (const cursor of cursors)
    await expect(requestsSeenBy(everyone, { cursor })).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  const bad = [
    { time_range: "24h", from: now.toISOString() },
    { from: now.toISOString(), to: now.toISOString() },
    { from: "yesterday" },
    { status_code: "999" },
    { limit: "201" },
    { unknown: "1" },
  ];
  for (const query of bad) expect(contract.listUsage.query.safeParse(query).success).toBe(false);
});

test("a key's statistics count its calls, failures, latency, credits and days, and when it was last used", async () => {
  const stats = await as(everyone, contract.getKeyStats, {}, (ctx, query) => getKeyStats(ctx, "3", query));
  expect(stats).toMatchObject({
    api_key_id: "key_neighbour",
    total_requests: 3,
    successful_requests: 2,
    failed_requests: 1,
    error_rate: 33.33,
    management_requests: 2,
    avg_latency_ms: 4,
    credits_used: 3,
    request_bytes: 10,
    response_bytes: 360,
    bytes_transferred: 370,
    last_used: new Date(now.getTime() - 1_000).toISOString(),
    last_used_ip: "127.0.0.1",
    by_status: [
      { status_code: 200, requests: 2 },
      { status_code: 429, requests: 1 },
    ],
  });
  expect(stats.top_endpoints.map(({ endpoint, method, requests }) => [endpoint, method, requests])).toEqual([
    ["/api/v1/api-management/whoami", "GET", 2],
    ["/orders/{id}", "POST", 1],
  ]);
  expect(stats.p50_latency_ms).toBeGreaterThan(1);
  expect(stats.p99_latency_ms).toBeLessThan(13);
  expect(stats.daily).toHaveLength(30);
  expect(stats.daily.reduce((sum, { requests }) => sum + requests, 0)).toBe(3);
  contract.getKeyStats.success.schema.parse(stats);
  const onlyTraffic = await as(
    everyone,
    contract.getKeyStats,
    { management: "exclude", time_range: "24h" },
    (ctx, query) => getKeyStats(ctx, "3", query),
  );
  expect(onlyTraffic).toMatchObject({ total_requests: 1, management_requests: 2, error_rate: 0, avg_latency_ms: 9 });
});

test("a key's usage is a series without gaps that adds up to its totals", async () => {
  for (const granularity of ["minute", "hour", "day"] as const) {
    const series = await as(everyone, contract.getKeyUsage, { granularity, time_range: "24h" }, (ctx, query) =>
      getKeyUsage(ctx, "key_neighbour", query),
    );
    contract.getKeyUsage.success.schema.parse(series);
    expect(series.totals).toMatchObject({ total_requests: 3, failed_requests: 1, credits_used: 3 });
    expect(series.data.reduce((sum, { requests }) => sum + requests, 0)).toBe(3);
    const lengthMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }[granularity];
    for (const [index, { timestamp }] of series.data.entries())
      expect(Date.parse(timestamp)).toBe(Date.parse(series.from) + index * lengthMs);
    expect(Date.parse(series.data.at(-1)?.timestamp ?? "") + lengthMs).toBeGreaterThanOrEqual(Date.parse(series.to));
  }
  const tooFine = as(everyone, contract.getKeyUsage, { granularity: "minute", time_range: "30d" }, (ctx, query) =>
    getKeyUsage(ctx, "3", query),
  );
  await expect(tooFine).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();
  const gone = { granularity: "minute", from: daysAgo(4), to: daysAgo(3) } as const; // zeros would be a lie
  const noLonger = as(everyone, contract.getKeyUsage, gone, (ctx, query) => getKeyUsage(ctx, "3", query));
  await expect(noLonger).rejects.toMatchObject({
    extras: { fields: [{ pointer: "#/granularity", detail: expect.stringContaining("goes back 2 days") }] },
  });
});

test("the caller's totals leave out calls of the management API and stay within its reach", async () => {
  const totals = async (who: { tenantId: string; reach: string }, query = {}) =>
    as(who, contract.getStats, query, getStats);
  expect(
    await totals(theReseller, {
      to: new Date(now.getTime() - 500).toISOString(),
      from: new Date(now.getTime() - 7_200_000).toISOString(),
    }),
  ).toMatchObject({
    management_requests: 4,
    active_keys: 2,
  });
  const included = await totals({ tenantId: "tn_two", reach: "*" }, { management: "include" });
  expect(included).toMatchObject({ total_requests: 3, failed_requests: 1, management_requests: 2, active_keys: 1 });
  contract.getStats.success.schema.parse(included);
  expect(await totals({ tenantId: "tn_two", reach: "*" })).toMatchObject({ total_requests: 1, management_requests: 2 });
  expect(await totals({ tenantId: "tn_two", reach: "acct_nobody" }, { management: "include" })).toMatchObject({
    total_requests: 0,
    error_rate: 0,
    avg_latency_ms: null,
  });
});

test("another tenant's or account's key and no key are the same answer", async () => {
  const ask = async (who: { tenantId: string; reach: string }, key: string) => {
    const errors = [
      await as(who, contract.getKeyStats, {}, (ctx, query) => getKeyStats(ctx, key, query)).catch(
        (error: unknown) => error,
      ),
      await as(who, contract.getKeyUsage, {}, (ctx, query) => getKeyUsage(ctx, key, query)).catch(
        (error: unknown) => error,
      ),
    ];
    return errors.map((error) => JSON.stringify(error));
  };
  const none = await ask(everyone, "key_none");
  expect(none[0]).toContain("NOT_FOUND");
  expect(await ask(everyone, "key_foreign")).toEqual(none);
  expect(await ask(theCustomer, "key_neighbour")).toEqual(none);
  expect(await ask(theCustomer, "3")).toEqual(none);
});

test("a deleted key has no page any more, and its calls stay in the list", async () => {
  await postgres.platform.query("UPDATE api_keys SET deleted_at = now() WHERE id = 'key_neighbour'");
  const stats = as(everyone, contract.getKeyStats, {}, (ctx, query) => getKeyStats(ctx, "key_neighbour", query));
  await expect(stats).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await requestsSeenBy(everyone, { api_key_id: "key_neighbour" })).toHaveLength(3);
});

test("months are made ahead; rows that came before their month did are moved into it", async () => {
  await postgres.platform.query(
    `INSERT INTO usage_events (occurred_at, tenant_id, endpoint, method, status, is_management, latency_us, request_bytes, response_bytes,
       credits, ip_address, path, request_id, attempts, trace)
     VALUES ('2031-05-10T00:00:00Z', 'tn_one', '*', 'GET', 200, true, 1, 0, 0, 0, '127.0.0.1', '/', 'req_early', 0, '{}')`,
  );
  const partition = async () =>
    (
      await postgres.platform.query(
        "SELECT tableoid::regclass::text AS name FROM usage_events WHERE request_id = 'req_early'",
      )
    ).rows[0]?.name;
  expect(await partition()).toBe("usage_events_default");
  expect(await createUsagePartitions(new Date("2031-03-15T00:00:00Z"))).toBe(4);
  expect(await partition()).toBe("usage_events_2031_05");
  expect(await createUsagePartitions(new Date("2031-03-15T00:00:00Z"))).toBe(0);
  await expect(postgres.app.query("SELECT * FROM usage_events_2031_05")).rejects.toThrow(/permission denied/);
});

test("what is kept no longer goes: whole months of rows, and sums by their period", async () => {
  await postgres.platform.query("SELECT portico.create_usage_partitions('2020-01-01', 1)");
  const periods = async () => {
    const { rows } = await postgres.platform.query("SELECT DISTINCT period FROM usage_rollups ORDER BY period");
    return rows.map((row) => row.period);
  };
  expect(await removeOldUsage(now)).toEqual({ partitions: 1, rollups: 0 });
  expect(await periods()).toEqual(["day", "hour", "minute"]);
  const fold = (until: string) =>
    postgres.platform.query("UPDATE usage_fold SET folded_until = $1::timestamptz", [until]);
  await fold("2026-01-01"); // minutes go only once they are part of their hour and day
  await removeOldUsage(new Date(now.getTime() + 4 * 86_400_000));
  expect(await periods()).toEqual(["day", "hour", "minute"]);
  await fold("2100-01-01");
  await removeOldUsage(new Date(now.getTime() + 4 * 86_400_000));
  expect(await periods()).toEqual(["day", "hour"]);
  await removeOldUsage(new Date(now.getTime() + 100 * 86_400_000));
  expect(await periods()).toEqual(["day"]);
});
