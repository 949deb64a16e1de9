import pg from "pg";
import pino from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ChangeFeed } from "#lib/platform/changes";
import { PushedCache } from "#lib/platform/pushed-cache";
import { createTestDatabase, type TestDatabase } from "#test/database";

let database: TestDatabase;
let admin: pg.Client;
let feed: ChangeFeed;
let stored: Map<string, string>;
let loads: string[][];

beforeAll(async () => {
  database = await createTestDatabase();
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
});

afterAll(async () => {
  await admin.end();
  await database.drop();
});

beforeEach(async () => {
  stored = new Map([
    ["a", "one"],
    ["b", "two"],
  ]);
  loads = [];
  feed = new ChangeFeed({ DATABASE_URL: database.url }, pino({ level: "silent" }));
  await feed.open();
});

afterEach(() => feed.close());

const open = (max = 100) =>
  new PushedCache<string>(feed, {
    kind: "thing",
    max,
    load: async (ids) => {
      loads.push(ids);
      return new Map(ids.flatMap((id) => (stored.has(id) ? [[id, stored.get(id) as string]] : [])));
    },
  });

const notify = (payload: string) => admin.query("SELECT pg_notify('portico', $1)", [payload]);

async function until(isTrue: () => boolean | Promise<boolean>, withinMs = 1_000): Promise<void> {
  const startedMs = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - startedMs > withinMs) throw new Error(`Not within ${withinMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe("PushedCache", () => {
  it("reads once, shares the query of one turn, and answers at once afterwards", async () => {
    const cache = open();
    expect(await Promise.all([cache.get("a"), cache.get("a"), cache.get("b")])).toEqual(["one", "one", "two"]);
    expect(loads).toEqual([["a", "b"]]);
    expect(cache.get("a")).toBe("one");
  });

  it("does not remember that something was absent: it may be there now", async () => {
    const cache = open();
    expect(await cache.get("c")).toBeUndefined();
    stored.set("c", "three");
    expect(await cache.get("c")).toBe("three");
  });

  it("a pushed change drops exactly that entry, within a second", async () => {
    const cache = open();
    await Promise.all([cache.get("a"), cache.get("b")]);
    stored.set("a", "changed");
    await notify('{"kind":"other","id":"a"}');
    await notify('{"kind":"thing","id":"a"}');
    await until(async () => (await cache.get("a")) === "changed");
    expect(cache.get("b")).toBe("two");
  });

  it("a change while an answer is on its way: the answer is used, and not kept", async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const cache = new PushedCache<string>(feed, {
      kind: "thing",
      max: 10,
      load: async (ids) => {
        const seen = new Map(ids.map((id) => [id, stored.get(id) ?? ""]));
        await gate;
        return seen;
      },
    });
    const early = cache.get("a");
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    stored.set("a", "changed");
    let heard = false;
    feed.subscribe(() => {
      heard = true;
    });
    await notify('{"kind":"thing","id":"a"}');
    await until(() => heard);
    release();
    expect(await early).toBe("one");
    expect(await cache.get("a")).toBe("changed");
  });

  it("`all` and what cannot be read doubt everything", async () => {
    const cache = open();
    for (const payload of ['{"kind":"all"}', "not json", "{}"]) {
      await cache.get("a");
      const value = `after ${payload}`;
      stored.set("a", value);
      await notify(payload);
      await until(async () => (await cache.get("a")) === value);
    }
  });

  it("keeps at most `max` entries; what was used longest ago goes first", async () => {
    const cache = open(2);
    for (const id of ["c", "d", "e"]) stored.set(id, id);
    for (const id of ["c", "d"]) await cache.get(id);
    await cache.get("c");
    await cache.get("e");
    loads = [];
    await Promise.all(["c", "e"].map((id) => cache.get(id)));
    expect(loads).toEqual([]);
    await cache.get("d");
    expect(loads).toEqual([["d"]]);
  });
});

describe("ChangeFeed", () => {
  it("when its connection is cut it says so, comes back within seconds, and what changed meanwhile is read again", async () => {
    const cache = open();
    await cache.get("a");
    await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'portico listen' AND datname = current_database()",
    );
    stored.set("a", "changed while deaf");
    await until(() => !feed.isLive());
    await until(() => feed.isLive(), 5_000);
    expect(await cache.get("a")).toBe("changed while deaf");
  });
});
