import { chmodSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isAlive } from "#dev/processes";
import { type RunningRedis, runningRedis, startRedis, stopLeftoverRedis } from "#dev/redis";
import { temporaryDataFolder } from "#test/folders";
import { findProgram, redisServer } from "../scripts/programs.ts";

let dataDir: string;

beforeEach(() => {
  dataDir = temporaryDataFolder();
});

afterEach(async () => {
  await stopLeftoverRedis(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<RunningRedis> {
  const redis = await startRedis({ dataDir });
  if (!redis) throw new Error("This test needs redis-server or valkey-server on PATH.");
  return redis;
}

async function ask<T>(url: string, question: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { retryStrategy: () => null });
  client.on("error", () => {});
  try {
    return await question(client);
  } finally {
    client.disconnect();
  }
}

test("what was written is there after a stop and a start, at the same address", async () => {
  const first = await start();
  await ask(first.url, (client) => client.set("note", "kept"));
  await first.stop();
  expect(isAlive(first.pid)).toBe(false);
  const second = await start();
  expect(second.url).toBe(first.url);
  expect(await ask(second.url, (client) => client.get("note"))).toBe("kept");
});

test("a server that still runs is adopted, not started a second time", async () => {
  const first = await start();
  const second = await start();
  expect([second.adopted, second.pid]).toEqual([true, first.pid]);
  await second.stop();
  expect(await runningRedis(dataDir)).toBeUndefined();
  await first.stop(); // harmless
});

test("it never evicts a counter, and answers only to who knows the password", async () => {
  const { url } = await start();
  expect(await ask(url, (client) => client.config("GET", "maxmemory-policy"))).toEqual([
    "maxmemory-policy",
    "noeviction",
  ]);
  const stranger = new URL(url);
  stranger.password = "";
  await expect(ask(stranger.href, (client) => client.get("note"))).rejects.toThrow("NOAUTH");
  expect(statSync(join(dataDir, "redis", "redis.conf")).mode & 0o077).toBe(0);
});

test("the Redis of another data folder is not ours", async () => {
  const otherDir = temporaryDataFolder();
  const other = await startRedis({ dataDir: otherDir });
  const ours = await start();
  expect([ours.adopted, ours.port === other?.port]).toEqual([false, false]);
  await other?.stop();
  rmSync(otherDir, { recursive: true });
});

test("a data folder reached through a symlink is the folder it leads to", async () => {
  const link = join(dataDir, "link");
  symlinkSync(dataDir, link);
  const first = await startRedis({ dataDir: link });
  const second = await start();
  expect([second.adopted, second.pid]).toEqual([true, first?.pid]);
});

test("a server that does not answer as ours is ended, and no second one is tried", async () => {
  const program = join(dataDir, "redis-server");
  const pids = join(dataDir, "pids");
  writeFileSync(
    program,
    `#!/bin/sh\n[ "$1" = --version ] && exit 0\necho $$ >> ${pids}\nexec ${findProgram(redisServer)} "$1" --dir /\n`,
  );
  chmodSync(program, 0o755);
  vi.stubEnv("PATH", `${dataDir}${delimiter}${process.env.PATH}`);
  try {
    await expect(start()).rejects.toThrow(`Redis runs but does not answer as the one of ${dataDir}/redis: `);
  } finally {
    vi.unstubAllEnvs();
  }
  const started = readFileSync(pids, "utf8").trim().split("\n").map(Number);
  expect(started.map(isAlive)).toEqual([false]);
});
