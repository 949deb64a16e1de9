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
      if (other && isHeld(other)) return other;
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(complete, { force: true });
  }
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
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
