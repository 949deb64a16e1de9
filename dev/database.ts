import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openDataFolder, takeFreeDataFolder } from "#dev/data-folder";
import { withLock } from "#dev/lock-file";
import { runningPostgres, startPostgres } from "#dev/postgres";
import { startVariables, type Variables } from "#dev/settings";
import { StartError } from "#dev/start-error";

type Log = (line: string) => void;
type Task = (databaseUrl: string, log: Log) => Promise<void>;

const plainErrors = ["StartError", "SettingsError", "MigrationError"];
/** A start that holds the data folder may still be creating its database. */
const startLimitMs = 60_000;

/**
 * Runs a command-line task on DATABASE_URL or, without one, on the built-in PostgreSQL of DATA_DIR, which is started for
 * the task unless it runs already. Returns the exit code; a failure is printed as its message.
 */
export async function withDatabase(task: Task): Promise<number> {
  const log = (line: string) => void process.stdout.write(`${line}\n`);
  try {
    const variables = startVariables(false);
    const url = givenUrl(variables);
    if (url) await task(url, log);
    else await onBuiltInDatabase(variables.DATA_DIR ?? "", task, log);
    return 0;
  } catch (error) {
    const { name, message, stack } = error as Error;
    process.stderr.write(`${plainErrors.includes(name) ? message : stack}\n`);
    return 1;
  }
}

function givenUrl({ DATABASE_URL, DATABASE_URL_FILE }: Variables): string | undefined {
  return DATABASE_URL || (DATABASE_URL_FILE && readFileSync(DATABASE_URL_FILE, "utf8").trim());
}

/** One task at a time: the first would end the PostgreSQL it started under the second. */
async function onBuiltInDatabase(dataDir: string, task: Task, log: Log): Promise<void> {
  openDataFolder(dataDir);
  const { signal } = new AbortController();
  await withLock(
    join(dataDir, "database-task.lock"),
    ({ pid }) => log(`Another task (pid ${pid}) works on this database: waiting for it …`),
    signal,
    async () => {
      const database = await openBuiltInDatabase(dataDir, log);
      try {
        await task(database.url, log);
      } finally {
        await database.close();
      }
    },
  );
}

interface OpenDatabase {
  url: string;
  close(): Promise<void>;
}

/** Takes the data folder and starts its PostgreSQL; while a start holds the folder, uses that one's and leaves it running. */
async function openBuiltInDatabase(dataDir: string, log: Log): Promise<OpenDatabase> {
  for (const deadline = performance.now() + startLimitMs; ; await sleep(200)) {
    const release = takeFreeDataFolder(dataDir);
    if (typeof release === "function") return startDatabase(dataDir, log, release);
    const url = await runningPostgres(dataDir);
    if (url) return { url, close: async () => {} };
    if (performance.now() > deadline)
      throw new StartError(
        `Portico runs with the data folder ${dataDir} (pid ${release.pid}) but not with the built-in PostgreSQL: ` +
          "set DATABASE_URL to its database, or stop it.",
      );
  }
}

async function startDatabase(dataDir: string, log: Log, release: () => void): Promise<OpenDatabase> {
  try {
    const postgres = await startPostgres({ dataDir, log });
    const close = async () => {
      try {
        if (!postgres.adopted) await postgres.stop(); // else the server of a killed start may still be draining on it
      } finally {
        release();
      }
    };
    return { url: postgres.url, close };
  } catch (error) {
    release();
    throw error;
  }
}
