import { accessSync, constants, writeFileSync } from "node:fs";
import { join } from "node:path";
import { holder, isHeld, type LockHolder, readHolder, tryLock, unlock } from "#dev/lock-file";
import { createDataFolder } from "#dev/postgres-cluster";
import { waitUntilGone } from "#dev/processes";
import { reasonOf, StartError } from "#dev/start-error";

const leftoverLimitMs = 35_000;

/**
 * Creates DATA_DIR when it is missing and takes it for this process. Returns the release.
 * Throws StartError when it cannot be used, or when another start uses it.
 */
export function takeDataFolder(dataDir: string): () => void {
  const release = takeFreeDataFolder(dataDir);
  if (typeof release === "function") return release;
  throw new StartError(
    `Portico already runs with the data folder ${dataDir} (pid ${release.pid}): stop it, or set DATA_DIR to another folder.`,
  );
}

/** As `takeDataFolder`, but returns who uses the folder when another process does. */
export function takeFreeDataFolder(dataDir: string): (() => void) | LockHolder {
  const file = lockFile(dataDir);
  return inDataFolder(dataDir, () => tryLock(file)) ?? (() => unlock(file));
}

/** Creates DATA_DIR when it is missing. Throws StartError when it cannot be used. */
export function openDataFolder(dataDir: string): void {
  inDataFolder(dataDir, () => {});
}

function inDataFolder<T>(dataDir: string, work: () => T): T {
  try {
    createDataFolder(dataDir);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return work();
  } catch (error) {
    throw new StartError(
      `The data folder ${dataDir} cannot be used: ${reasonOf(error)}. Set DATA_DIR to a folder that can be written.`,
    );
  }
}

/** The start that uses this DATA_DIR now. */
export function inUseBy(dataDir: string): LockHolder | undefined {
  const other = readHolder(lockFile(dataDir));
  return other && isHeld(other) ? other : undefined;
}

/** Writes down the server's pid, so that the next start can find it if this one is killed. */
export function rememberServer(dataDir: string, pid: number): void {
  writeFileSync(serverFile(dataDir), JSON.stringify(holder(pid)));
}

/** A server whose start was killed stops by itself once it has drained: waits for that, and ends it should it hang. */
export async function awaitLeftoverServer(dataDir: string, log: (line: string) => void): Promise<void> {
  const leftover = readHolder(serverFile(dataDir));
  if (!leftover || !isHeld(leftover)) return;
  log(`The last start was killed: waiting for its server (pid ${leftover.pid}) to finish …`);
  if (await waitUntilGone(leftover.pid, leftoverLimitMs)) return;
  process.kill(leftover.pid, "SIGKILL");
  await waitUntilGone(leftover.pid, leftoverLimitMs);
}

function lockFile(dataDir: string): string {
  return join(dataDir, "portico.lock");
}

function serverFile(dataDir: string): string {
  return join(dataDir, "server.pid");
}
