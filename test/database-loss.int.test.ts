import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApi, type TestApi } from "#test/api";
import { createWorld, issueKey } from "#test/world";

/** F-PG-4: connections are cut at any moment, in the middle of transactions too. Vitest fails the run on any uncaught error. */
let api: TestApi;
let admin: pg.Client;
let key: string;

beforeAll(async () => {
  api = await openApi();
  const { one } = await createWorld();
  const limits = [{ algorithm: "sliding_window" as const, limit: 1_000_000, window_seconds: 60 }];
  key = (await issueKey(one.tenantId, one.customer, { limits })).key;
  admin = new pg.Client({ connectionString: api.env.DATABASE_URL });
  await admin.connect();
});

afterAll(async () => {
  await admin.end();
  await api.close();
});

const cutAll = () =>
  admin.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
  );

describe("a database whose connections are cut under load", () => {
  it("answers each call with its result or 503, never anything else, and every key that was answered exists once", async () => {
    const names: string[] = [];
    const statuses = new Map<number, number>();
    const work = async (worker: number) => {
      for (let n = 0; n < 12; n++) {
        const name = `w${worker}-${n}`;
        const made = await api.call("POST", "keys", { key, body: { name } });
        statuses.set(made.status, (statuses.get(made.status) ?? 0) + 1);
        if (made.status === 201) names.push(name);
        if (made.status === 201) await api.call("DELETE", `keys/${made.body.id}`, { key });
      }
    };
    let isOver = false;
    const cutting = (async () => {
      while (!isOver) {
        await cutAll();
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
    })();
    await Promise.all(Array.from({ length: 6 }, (_, worker) => work(worker)));
    isOver = true;
    await cutting;
    expect([...statuses.keys()].filter((status) => ![201, 403, 503].includes(status))).toEqual([]); // 403: fifty keys at once
    const { rows } = await admin.query(
      "SELECT name, count(*)::int AS count FROM api_keys WHERE name LIKE 'w%' GROUP BY name",
    );
    const counts = new Map(rows.map(({ name, count }) => [name, count]));
    expect(names.filter((name) => counts.get(name) !== 1)).toEqual([]);
  });

  it("is itself again at once", async () => {
    await expect.poll(async () => (await api.call("GET", "keys", { key })).status, { timeout: 5_000 }).toBe(200);
  });
});
