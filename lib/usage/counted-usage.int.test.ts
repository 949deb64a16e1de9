import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { InputOf } from "#lib/core/endpoint";
import { permissions } from "#lib/core/permissions";
import { type Authorized, authorize } from "#lib/platform/context";
import { inTenant } from "#lib/platform/db";
import { openPrisma } from "#lib/platform/prisma";
import { composeRuntime, type Runtime } from "#lib/platform/runtime";
import * as contract from "#lib/usage/contract";
import type { UsageEvent } from "#lib/usage/event";
import { getKeyStats } from "#lib/usage/get-key-stats";
import { getKeyUsage } from "#lib/usage/get-key-usage";
import { getStats } from "#lib/usage/get-stats";
import { listUsage } from "#lib/usage/list-usage";
import { summarizeCalls } from "#lib/usage/summarize-calls";
import { createTestDatabase, type TestDatabase } from "#test/database";
import { storeUsage } from "#test/store-usage";
import { givenApiKey, openTestPostgres } from "#test/usage-database";
import { usageEvent } from "#test/usage-events";

let database: TestDatabase;
let postgres: Runtime["postgres"];
let closePrisma: () => Promise<void>;
const now = new Date("2026-11-20T13:37:25.000Z");
const scope = { tenantId: "tn_one", reach: "*" };

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = openTestPostgres(database.url);
  const prisma = openPrisma(postgres);
  closePrisma = prisma.close;
  const usage = {
    record: async () => "kept",
    countRefusal: async () => "kept",
    accepts: () => true,
    shipped: async () => {},
  };
  composeRuntime({
    postgres,
    prisma: prisma.prisma,
    logger: pino({ level: "silent" }),
    usage: usage as Runtime["usage"],
  });
  for (const [index, id] of ["key_one", "key_refused", "key_rotated"].entries())
    await givenApiKey(postgres.platform, { id, number: index + 1, accountId: "acct_one", tenantId: "tn_one" });
  await store(instants.map((instant) => at(instant, { requestId: instant })));
});

/** A request at each bound of the times asked for, and behind it. */
const instants = [
  ...["2026-11-20T11:59:10Z", "2026-11-20T12:00:00Z", "2026-11-20T12:01:05Z", "2026-11-20T12:01:50Z"],
  ...["2026-11-20T12:02:00Z", "2026-11-20T13:36:10Z", "2026-11-20T13:37:05Z"],
  ...["2026-10-20T08:10:00Z", "2026-10-20T09:50:00Z", "2026-10-20T10:00:00Z"],
  ...["2026-03-01T01:00:00Z", "2026-03-02T23:00:00Z", "2026-03-03T00:00:00Z"],
];

afterAll(async () => {
  await closePrisma();
  await Promise.all([postgres.app.end(), postgres.platform.end()]);
  await database.drop();
});

const store = (events: readonly UsageEvent[]) => storeUsage(postgres.platform, events);

const at = (instant: string, changes: Partial<UsageEvent> = {}): UsageEvent =>
  usageEvent({ occurredAtMs: Date.parse(instant), ...changes });

/** Runs a domain function as an administrator of the tenant. */
function ask<T>(run: (ctx: Authorized<"usage:read">) => Promise<T>): Promise<T> {
  const actor = {
    kind: "user" as const,
    id: "usr_one",
    tenantId: "tn_one",
    accountId: null,
    role: "owner" as const,
    permissions: new Set(permissions),
    grants: { read: true, write: true, admin: false },
    reach: "*",
    via: "session" as const,
    sessionId: null,
  };
  return inTenant(scope, (db) =>
    run(authorize({ actor, db, now, requestId: "req_test", ipAddress: "127.0.0.1", userAgent: null }, "usage:read")),
  );
}

const listed = async (query: InputOf<typeof contract.listUsage>["query"] | object): Promise<string[]> => {
  const { data } = await ask((ctx) => listUsage(ctx, contract.listUsage.query.parse({ limit: 200, ...query })));
  return data.map(({ request_id }) => request_id);
};

test.each([
  [
    "in the middle of a minute",
    "2026-11-20T11:59:30Z",
    "2026-11-20T12:01:10Z",
    "2026-11-20T11:59:00Z",
    "2026-11-20T12:02:00Z",
    4,
  ],
  [
    "on the bound of a minute",
    "2026-11-20T12:00:00Z",
    "2026-11-20T12:01:00Z",
    "2026-11-20T12:00:00Z",
    "2026-11-20T12:01:00Z",
    1,
  ],
  ["now", "2026-11-20T13:36:30Z", "2026-11-20T13:37:25Z", "2026-11-20T13:36:00Z", "2026-11-20T13:37:25Z", 2],
  ["in the future", "2026-11-20T13:36:30Z", "2026-11-21T00:00:00Z", "2026-11-20T13:36:00Z", "2026-11-20T13:37:25Z", 2],
  [
    "in the middle of an hour of last month",
    "2026-10-20T08:30:00Z",
    "2026-10-20T09:30:00Z",
    "2026-10-20T08:00:00Z",
    "2026-10-20T10:00:00Z",
    2,
  ],
  [
    "in the middle of a day long ago",
    "2026-03-01T08:30:00Z",
    "2026-03-02T09:30:00Z",
    "2026-03-01T00:00:00Z",
    "2026-03-03T00:00:00Z",
    2,
  ],
])(
  "sums up to an instant %s say what they counted: the rows of that time",
  async (_, from, to, countedFrom, countedTo, requests) => {
    const time = { from, to };
    const key = { api_key_id: "key_one" };
    const stats = await ask((ctx) =>
      getStats(ctx, contract.getStats.query.parse({ management: "include", ...key, ...time })),
    );
    const keyStats = await ask((ctx) => getKeyStats(ctx, "key_one", contract.getKeyStats.query.parse(time)));
    const usage = await ask((ctx) => getKeyUsage(ctx, "key_one", contract.getKeyUsage.query.parse(time)));
    for (const { from: start, to: end } of [stats, keyStats]) {
      expect([Date.parse(start), Date.parse(end)]).toEqual([Date.parse(countedFrom), Date.parse(countedTo)]);
    }
    for (const [sums, total] of [
      [stats, stats.total_requests],
      [keyStats, keyStats.total_requests],
      [usage, usage.totals.total_requests],
    ] as const) {
      expect(total).toBe((await listed({ ...key, from: sums.from, to: sums.to })).length);
    }
    expect(stats.total_requests).toBe(requests);
  },
);

test("a time that has not begun has no requests, and ends no earlier than it begins", async () => {
  const time = { from: "2026-11-21T00:00:00Z", to: "2026-11-22T00:00:00Z" };
  const stats = await ask((ctx) => getStats(ctx, contract.getStats.query.parse(time)));
  expect(stats).toMatchObject({ total_requests: 0, from: "2026-11-21T00:00:00.000Z", to: "2026-11-21T00:00:00.000Z" });
});

test("a key that was only refused for not being good is not active, one that was limited is", async () => {
  const refused = { apiKeyId: "key_refused", status: 401, errorCode: "API_KEY_REVOKED" };
  const limited = { status: 429, errorCode: "RATE_LIMIT_EXCEEDED" };
  await store([at("2026-05-05T12:00:00Z", refused), at("2026-05-05T12:00:00Z", limited)]);
  const query = { from: "2026-05-05T00:00:00Z", to: "2026-05-06T00:00:00Z", management: "include" };
  const stats = await ask((ctx) => getStats(ctx, contract.getStats.query.parse(query)));
  expect(stats).toMatchObject({ total_requests: 2, active_keys: 1 });
});

test("requests with a key are listed apart from those of people", async () => {
  const time = { from: "2026-06-01T00:00:00Z", to: "2026-06-02T00:00:00Z", status_code: "4xx" };
  const refused = { status: 429, errorCode: "RATE_LIMIT_EXCEEDED" };
  await store([
    at("2026-06-01T12:00:00Z", { ...refused, requestId: "req_key" }),
    at("2026-06-01T13:00:00Z", {
      ...refused,
      requestId: "req_person",
      apiKeyId: null,
      keyGeneration: null,
      userId: "usr_one",
    }),
  ]);
  expect(await listed(time)).toEqual(["req_person", "req_key"]);
  expect(await listed({ ...time, credential: "api_key" })).toEqual(["req_key"]);
  expect(contract.listUsage.query.safeParse({ credential: "session" }).success).toBe(false);
});

test("lists of what failed are read from indexes that hold nothing else", async () => {
  await store(
    Array.from({ length: 10_000 }, (_, index) =>
      at("2026-11-15T00:00:00Z", { apiKeyId: null, status: index % 100 === 0 ? 404 : 200, requestId: `req_${index}` }),
    ),
  );
  await postgres.platform.query("ANALYZE usage_events");
  for (const whose of ["tenant_id = 'tn_one'", "tenant_id = 'tn_one' AND account_id = 'acct_one'"]) {
    const { rows } = await postgres.platform.query(
      `EXPLAIN SELECT * FROM usage_events WHERE ${whose} AND status BETWEEN 400 AND 499
         AND occurred_at >= '2026-11-13' AND occurred_at < '2026-11-20' ORDER BY occurred_at DESC, id DESC LIMIT 20`,
    );
    const [, index] = /Index Scan Backward using (\w+)/.exec(rows.map((row) => row["QUERY PLAN"]).join("\n")) ?? [];
    const definition = await postgres.platform.query("SELECT pg_get_indexdef($1::regclass) AS text", [index]);
    expect(definition.rows[0]?.text).toContain("status >= 400");
  }
});

test("calls on a secret since its rotation are counted without those before, on the next one, and refused ones", async () => {
  const call = { apiKeyId: "key_rotated", keyGeneration: 1 };
  const key = { id: "key_rotated", tenantId: "tn_one", accountId: "acct_one" };
  const count = (generation: number, since: string) =>
    inTenant(scope, (db) => summarizeCalls(db, key, generation, new Date(since)));
  await store([
    at("2026-07-01T11:00:00Z", call),
    at("2026-07-01T12:00:01Z", call),
    at("2026-07-01T12:00:02Z", { ...call, status: 429, errorCode: "RATE_LIMIT_EXCEEDED" }),
    at("2026-07-01T12:00:03Z", { ...call, status: 403, errorCode: "IP_NOT_ALLOWED" }),
    at("2026-07-01T12:00:04Z", { ...call, keyGeneration: 2 }),
  ]);
  expect(await count(1, "2026-07-01T12:00:00Z")).toEqual({ count: 2, latest: new Date("2026-07-01T12:00:02Z") });
  expect(await count(1, "2026-07-01T12:00:02Z")).toEqual({ count: 0, latest: null });
  expect(await count(3, "2026-07-01T12:00:00Z")).toEqual({ count: 0, latest: null });
  await store(Array.from({ length: 10_050 }, () => at("2026-07-02T12:00:00Z", call)));
  expect(await count(1, "2026-07-01T12:00:00Z")).toEqual({ count: 10_000, latest: new Date("2026-07-02T12:00:00Z") });
});
