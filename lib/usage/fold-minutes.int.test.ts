import { afterAll, beforeAll, expect, it } from "vitest";
import { foldMinutes } from "#lib/usage/fold-minutes";
import { createTestDatabase, type TestDatabase } from "#test/database";
import { storeUsage } from "#test/store-usage";
import { countUsage, openTestPostgres } from "#test/usage-database";
import { usageEvent } from "#test/usage-events";

let database: TestDatabase;
let postgres: ReturnType<typeof openTestPostgres>;

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = openTestPostgres(database.url);
});
afterAll(async () => {
  await Promise.all([postgres.app.end(), postgres.platform.end()]);
  await database.drop();
});

const minuteMs = 60_000;

/** Moves the moment back up to which minutes are folded, as if the last fold were long ago. */
const unfold = (minutes: number) =>
  postgres.platform.query(
    "UPDATE usage_fold SET folded_until = date_trunc('minute', now()) - make_interval(mins => $1)",
    [minutes],
  );

const events = (count: number, minutesAgo: number) =>
  Array.from({ length: count }, (_, at) =>
    usageEvent({
      occurredAtMs: Date.now() - minutesAgo * minuteMs,
      requestId: `req_${minutesAgo}_${at}_${Math.random()}`,
    }),
  );

const stored = async (period: string) => {
  const { rows } = await postgres.platform.query(
    "SELECT coalesce(sum(requests), 0)::int AS requests FROM usage_rollups WHERE period = $1",
    [period],
  );
  return rows[0].requests;
};

it("sums read the same before a fold, after it and when late calls come", async () => {
  await unfold(10);
  await storeUsage(postgres.platform, [...events(3, 12), ...events(5, 7), ...events(2, 0)]);
  const all = { rows: 10, distinct: 10, minute: 10, hour: 10, day: 10 };
  expect(await countUsage(postgres.platform)).toEqual(all);
  expect([await stored("hour"), await stored("day")]).toEqual([3, 3]);

  const until = await foldMinutes(postgres.platform);
  expect(Date.now() - (until?.getTime() ?? 0)).toBeLessThanOrEqual(2 * minuteMs + 1_000);
  expect(await countUsage(postgres.platform)).toEqual(all);
  expect([await stored("hour"), await stored("day")]).toEqual([8, 8]);

  await storeUsage(postgres.platform, events(4, 7));
  expect(await countUsage(postgres.platform)).toEqual({ rows: 14, distinct: 14, minute: 14, hour: 14, day: 14 });
  expect(await stored("hour")).toBe(12);
  expect(await foldMinutes(postgres.platform)).toEqual(until);
});

it("what is stored while others fold is in every sum exactly once", async () => {
  const before = await countUsage(postgres.platform);
  const stores = Array.from({ length: 12 }, (_, at) => async () => {
    for (let round = 0; round < 8; round++) await storeUsage(postgres.platform, events(5, (at + round) % 9));
  });
  const folds = Array.from({ length: 2 }, () => async () => {
    for (let round = 0; round < 20; round++) await foldMinutes(postgres.platform);
  });
  await unfold(8);
  // Folded once more from eight minutes back, what was folded already would count twice: so it is taken away first.
  await postgres.platform.query("DELETE FROM usage_rollups; DELETE FROM usage_events");
  await Promise.all([...stores, ...folds].map((work) => work()));
  const stored = 12 * 8 * 5;
  const after = await countUsage(postgres.platform);
  expect(before.rows).toBeGreaterThan(0);
  expect(after).toEqual({ rows: stored, distinct: stored, minute: stored, hour: stored, day: stored });
  await foldMinutes(postgres.platform);
  expect(await countUsage(postgres.platform)).toEqual(after);
});

it("whoever reads is bound by their tenant in folded and unfolded sums alike", async () => {
  const client = await postgres.app.connect();
  try {
    await client.query(
      "BEGIN; SELECT set_config('portico.tenant_id', 'tn_nobody', true), set_config('portico.account_id', '*', true)",
    );
    expect((await client.query("SELECT 1 FROM usage_sums")).rowCount).toBe(0);
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
});
