import { beforeEach, expect, test } from "vitest";
import { openReadiness } from "#gateway/readiness";

let nowMs: number;
let asked: number;
let logged: object[];
let database: () => string | Promise<string>;
beforeEach(() => {
  nowMs = 0;
  asked = 0;
  logged = [];
  database = () => "ok";
});

const open = () =>
  openReadiness({
    checks: {
      database: () => {
        asked += 1;
        return database();
      },
      spool: () => "ok",
    },
    logger: { warn: (fields) => logged.push(fields) },
    nowMs: () => nowMs,
  });

test("why a check failed is for the log alone", async () => {
  const error = new Error("password authentication failed for user portico at 10.0.0.7");
  database = () => Promise.reject(error);
  expect(await open()()).toEqual({ ready: false, checks: { database: "unreachable", spool: "ok" } });
  expect(logged).toEqual([{ err: error, check: "database" }]);
});

test("the checks run once a second, however often they are asked for", async () => {
  const readiness = open();
  for (let call = 0; call < 100; call++) await readiness();
  expect(asked).toBe(1);
  nowMs = 999;
  await readiness();
  expect(asked).toBe(1);
  nowMs = 1_000;
  database = () => "reconnecting";
  expect(await readiness()).toEqual({ ready: false, checks: { database: "reconnecting", spool: "ok" } });
  expect(asked).toBe(2);
});

test("while a check hangs nobody starts another", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  database = () => promise;
  const readiness = open();
  const first = readiness();
  nowMs = 30_000;
  const second = readiness();
  resolve("ok");
  expect([await first, await second, asked]).toEqual([
    { ready: true, checks: { database: "ok", spool: "ok" } },
    { ready: true, checks: { database: "ok", spool: "ok" } },
    1,
  ]);
});
