import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { holder, tryLock, unlock, withLock } from "#dev/lock-file";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portico-lock-"));
  file = join(folder, "lock");
});

afterEach(() => rmSync(folder, { recursive: true }));

/** The rounds this process won. It lives on, and holds their locks, until it is killed. */
async function takenBy({ stdout }: ChildProcessWithoutNullStreams): Promise<number[]> {
  let output = "";
  while (!output.endsWith("\n")) output += String((await once(stdout, "data"))[0]);
  return JSON.parse(output);
}

const never = new AbortController().signal;

test("one process at a time holds it, and is named to the others", () => {
  expect(tryLock(file)).toBeUndefined();
  expect(tryLock(file)).toEqual(holder());
  unlock(file);
  expect(tryLock(file)).toBeUndefined();
});

test("the lock of a dead process is taken over, also when its number was given to another one", () => {
  writeFileSync(file, JSON.stringify({ pid: 2 ** 30, startedAt: "1" }));
  expect(tryLock(file)).toBeUndefined();
  writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: "another life" }));
  expect(tryLock(file)).toBeUndefined();
});

test("of several processes that find a dead holder's lock at once, one gets it", async () => {
  const rounds = 200;
  const dead = JSON.stringify({ pid: 2 ** 30, startedAt: "1" });
  for (let round = 0; round < rounds; round++) writeFileSync(`${file}-${round}`, dead);
  const program = join(import.meta.dirname, "../test/programs/race-for-locks.ts");
  const startMs = Date.now() + 1_000;
  const racers = [1, 2, 3].map(() => spawn(process.execPath, [program, file, String(rounds), String(startMs)]));
  try {
    const taken = (await Promise.all(racers.map(takenBy))).flat().sort((a, b) => a - b);
    expect(taken).toEqual(Array.from({ length: rounds }, (_, round) => round));
  } finally {
    for (const racer of racers) racer.kill();
  }
}, 20_000);

test("a takeover that was killed half way does not keep the lock from the next", () => {
  const dead = JSON.stringify({ pid: 2 ** 30, startedAt: "1" });
  writeFileSync(file, dead);
  writeFileSync(`${file}.takeover`, dead);
  expect(tryLock(file)).toBeUndefined();
  expect(readdirSync(folder)).toEqual(["lock"]);
});

test("a lock that is not ours is not released", () => {
  writeFileSync(file, JSON.stringify(holder(process.ppid)));
  unlock(file);
  expect(existsSync(file)).toBe(true);
});

test("work waits for the holder, runs, and leaves nothing behind, also when it fails", async () => {
  tryLock(file);
  const waitedFor: number[] = [];
  const work = withLock(
    file,
    ({ pid }) => waitedFor.push(pid),
    never,
    () => Promise.reject(new Error("broken")),
  );
  setTimeout(() => unlock(file), 50);
  await expect(work).rejects.toThrow("broken");
  expect(waitedFor).toEqual([process.pid]);
  expect(readdirSync(folder)).toEqual([]);
});

test("waiting ends when the start is stopped", async () => {
  tryLock(file);
  const stopping = new AbortController();
  const work = withLock(
    file,
    () => stopping.abort(),
    stopping.signal,
    () => Promise.resolve(),
  );
  await expect(work).rejects.toThrow("aborted");
});
