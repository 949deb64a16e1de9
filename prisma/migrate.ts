import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Logger, runMigrations } from "graphile-worker";
import pg from "pg";

/** Prisma's own advisory lock: neither of us migrates while the other does. */
const advisoryLock = 72_707_369;
const migrationsFolder = join(import.meta.dirname, "migrations");
const roles = ["portico_app", "portico_platform"];

/** Prisma's table, to the letter: `prisma migrate deploy` can take over anywhere its engine is available. */
const historyTable = `create table if not exists _prisma_migrations (
  id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz,
  migration_name varchar(255) not null, logs text, rolled_back_at timestamptz,
  started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`;

/**
 * Applies `prisma/migrations/<name>/migration.sql` in order of name, each in a transaction of its own, skipping what was
 * applied before, then those of the job queue. Safe to run from several processes at once. Returns the names it applied.
 * Throws MigrationError, a sentence for people, when one fails, was edited after it was applied, or roles are missing.
 */
export async function migrate(databaseUrl: string, log: (line: string) => void = () => {}): Promise<string[]> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    options: "-c TimeZone=UTC -c client_min_messages=warning",
  });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [advisoryLock]);
    await requireRoles(client);
    await client.query(historyTable);
    const pending = await pendingMigrations(client);
    for (const migration of pending) {
      log(`Applying migration ${migration.name} …`);
      await apply(client, migration);
    }
    await migrateQueue(databaseUrl);
    return pending.map(({ name }) => name);
  } finally {
    await client.end(); // also releases the lock
  }
}

/** The names of the migrations this database still lacks. Throws MigrationError when one was edited after it was applied. */
export async function missingMigrations(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const { rows } = await client.query("select to_regclass('_prisma_migrations') is not null as known");
    const missing = rows[0].known ? await pendingMigrations(client) : readMigrations();
    return missing.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

/** The job queue's own schema. Here and not only where a worker starts: jobs are enqueued by processes that run none. */
function migrateQueue(databaseUrl: string): Promise<void> {
  const silent = new Logger(() => () => {});
  return runMigrations({ connectionString: databaseUrl, maxPoolSize: 2, logger: silent });
}

/** A failed migration in one sentence for people; the database's own error is its cause. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
}

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/** Every migration of the checkout, oldest first. */
function readMigrations(folder = migrationsFolder): Migration[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, "migration.sql")));
  return names.sort().map((name) => {
    const sql = readFileSync(join(folder, name, "migration.sql"), "utf8");
    return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
  });
}

async function pendingMigrations(client: pg.Client): Promise<Migration[]> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    "select migration_name, checksum from _prisma_migrations where finished_at is not null and rolled_back_at is null",
  );
  const applied = new Map(rows.map((row) => [row.migration_name, row.checksum]));
  const migrations = readMigrations();
  const edited = migrations.find(({ name, checksum }) => (applied.get(name) ?? checksum) !== checksum);
  if (edited)
    throw new MigrationError(
      `Migration ${edited.name} was changed after this database applied it: put the change into a new migration ` +
        "(npm run db:diff), or start with an empty DATA_DIR.",
    );
  return migrations.filter(({ name }) => !applied.has(name));
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(sql);
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       values ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    const line = lineOf(sql, (error as pg.DatabaseError).position);
    throw new MigrationError(`Migration ${name} failed${line}: ${(error as Error).message}`, { cause: error });
  }
}

function lineOf(sql: string, position: string | undefined): string {
  return position ? ` at line ${sql.slice(0, Number(position)).split("\n").length}` : "";
}

/** The migration creates the two roles row-level security is written for; a login that cannot is told what to ask for. */
async function requireRoles(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ login: string; can_create: boolean; usable: string[] }>(
    `select current_user as login, (me.rolsuper or me.rolcreaterole) as can_create,
       array(select r.rolname::text from pg_roles r where r.rolname = any($1) and pg_has_role(r.oid, 'member')) as usable
     from pg_roles me where me.rolname = current_user`,
    [roles],
  );
  const [row] = rows;
  const missing = roles.filter((role) => !row?.usable.includes(role));
  if (!row || row.can_create || missing.length === 0) return;
  const login = pg.escapeIdentifier(row.login);
  const needed = missing.map(
    (role) => `  create role ${role} nologin; -- unless it exists\n  grant ${role} to ${login};`,
  );
  throw new MigrationError(
    `The database user ${row.login} may not create roles. Let an administrator run this, then start again:\n${needed.join("\n")}`,
  );
}

if (process.argv[1] === import.meta.filename) {
  const { withDatabase } = await import("#dev/database");
  process.exitCode = await withDatabase(async (url, log) => {
    const applied = await migrate(url, log);
    log(applied.length === 0 ? "The database is up to date." : `Applied ${applied.length}.`);
  });
}
