import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stopLeftoverPostgres } from "#dev/postgres";
import { isAlive } from "#dev/processes";
import { stopLeftoverRedis } from "#dev/redis";

const prefix = "portico-test-";

/** A new DATA_DIR under the system's temporary folder. Its name holds our pid, so that a later run can clean up after us. */
export function temporaryDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  chmodSync(folder, 0o711); // when root runs the tests, PostgreSQL is another user
  return folder;
}

/** Ends the servers and removes the folders of test runs that were killed before they could. */
export async function sweepLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    if (isAlive(Number(name.slice(prefix.length).split("-")[0]))) continue;
    await removeDataFolder(join(tmpdir(), name)).catch(() => {}); // another run sweeps the same folder
  }
}

async function removeDataFolder(dataDir: string): Promise<void> {
  await stopLeftoverRedis(dataDir);
  await stopLeftoverPostgres(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
}
