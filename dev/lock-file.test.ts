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
