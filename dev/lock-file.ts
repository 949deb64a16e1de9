import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, startedAt } from "#dev/processes";

/** The process that holds a lock; `startedAt` tells it from a later process with the same number. */
export interface LockHolder {
  pid: number;
  startedAt: string;
}

/** This process, or another living one, in the words of a lock file. */
export function holder(pid = process.pid): LockHolder {
  return { pid, startedAt: startedAt(pid) };
}

/** Takes the lock for this process. Returns undefined when it is ours now, else who holds it. A dead holder's is taken over. */
export function tryLock(file: string): LockHolder | undefined {
  const complete = `${file}.${process.pid}`;
  writeFileSync(complete, JSON.stringify(holder()));
  try {
    for (;;) {
      try {
        linkSync(complete, file); // never seen half written, and fails when the file exists
        return undefined;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const other = readHolder(file);
      const current = other && isHeld(other) ? other : removeDead(file);
      if (current) return current;
    }
  } finally {
    rmSync(complete, { force: true });
  }
}

/**
 * Removes a dead holder's lock, one process at a time, after one more look: a slower one would else remove the lock of the
 * one that has just taken it over. Returns who is at it instead of us.
 */
function removeDead(file: string): LockHolder | undefined {
  const guard = `${file}.takeover`;
  const faster = tryLock(guard);
  if (faster) return faster;
  try {
    if (isAbandoned(file)) rmSync(file, { force: true });
  } finally {
    unlock(guard);
  }
  return undefined;
}

/** Read once: a lock that is missing now may be somebody's in the next moment. */
function isAbandoned(file: string): boolean {
  const content = contentOf(file);
  if (content === undefined) return false;
  const holder = parsed(content);
  return !holder || !isHeld(holder);
}

export function unlock(file: string): void {
  if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true });
}

/** Runs the work while no other process does; `onWait` is told once who is being waited for. */
export async function withLock<T>(
  file: string,
  onWait: (holder: LockHolder) => void,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  for (let told = false; ; told = true) {
    const other = tryLock(file);
    if (!other) break;
    if (!told) onWait(other);
    await sleep(200, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    unlock(file);
  }
}

/** Whether the process that wrote this still lives. */
export function isHeld({ pid, startedAt: since }: LockHolder): boolean {
  return isAlive(pid) && startedAt(pid) === since;
}

/** The process a lock file names; undefined when there is none. */
export function readHolder(file: string): LockHolder | undefined {
  return parsed(contentOf(file) ?? "");
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function parsed(content: string): LockHolder | undefined {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
