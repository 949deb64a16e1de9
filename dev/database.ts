import { startPostgres } from "#dev/postgres";
import { StartError } from "#dev/start-error";

/**
 * Runs a command-line task on DATABASE_URL or, without one, on the built-in PostgreSQL of DATA_DIR, which is started for
 * the task unless it runs already. Returns the exit code; a failure is printed as its message.
 */
export async function withDatabase(
  task: (databaseUrl: string, log: (line: string) => void) => Promise<void>,
): Promise<number> {
  const log = (line: string) => void process.stdout.write(`${line}\n`);
  try {
    const { DATABASE_URL, DATA_DIR = ".data" } = process.env;
    if (DATABASE_URL) await task(DATABASE_URL, log);
    else await onBuiltInDatabase(DATA_DIR, task, log);
    return 0;
  } catch (error) {
    const plain = error instanceof StartError || (error as Error).name === "MigrationError";
    process.stderr.write(`${plain ? (error as Error).message : (error as Error).stack}\n`);
    return 1;
  }
}

async function onBuiltInDatabase(
  dataDir: string,
  task: (databaseUrl: string, log: (line: string) => void) => Promise<void>,
  log: (line: string) => void,
): Promise<void> {
  const postgres = await startPostgres({ dataDir, log });
  try {
    await task(postgres.url, log);
  } finally {
    if (!postgres.adopted) await postgres.stop();
  }
}
