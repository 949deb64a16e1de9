import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import {
  canReach,
  openSharedFolder,
  reachableBinaries,
  type ServerUser,
  unprivilegedUser,
} from "#dev/postgres-binaries";
import { lastLine, reasonOf, StartError } from "#dev/start-error";

/** The files of one PostgreSQL server: where they are, who runs it, and how to sign in. */
export interface Cluster {
  folder: string;
  binaries: string;
  user: ServerUser | undefined;
  port: number;
  password: string;
}

const majorVersion = "18";

/** Where the cluster of this DATA_DIR is and who runs it. Nothing is started. */
export function openCluster(dataDir: string, log: (line: string) => void): Cluster {
  try {
    createDataFolder(dataDir);
    const saved = readSaved(dataDir);
    // Without symlinks: a running server is recognised by its folder, whichever way that is reached.
    const folder = saved?.elsewhere ?? join(realpathSync(dataDir), "postgres");
    const user = ownerOf(folder) ?? unprivilegedUser();
    const cluster = {
      folder,
      user,
      port: saved?.port ?? 0,
      password: saved?.password ?? randomBytes(24).toString("hex"),
    };
    if (!canReach(user, resolve(folder, ".."))) {
      if (saved || existsSync(folder)) throw new StartError(closedSentence(folder, user));
      cluster.folder = join(openSharedFolder(), `data-${randomBytes(6).toString("hex")}`);
      log(`PostgreSQL runs as "nobody", who cannot enter ${dataDir}: its data goes to ${cluster.folder}.`);
    }
    return { ...cluster, binaries: reachableBinaries(user, log) };
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(
      `The data folder ${dataDir} cannot be used: ${reasonOf(error)}. Set DATA_DIR to another folder.`,
    );
  }
}

/** An existing database is never replaced by an empty one in another place. */
function closedSentence(folder: string, user: ServerUser | undefined): string {
  const above: string[] = [];
  for (let path = dirname(folder); path !== dirname(path); path = dirname(path)) above.unshift(path);
  const closed = above.find((path) => !canReach(user, path)) ?? dirname(folder);
  return (
    `PostgreSQL runs as user ${user?.uid}, who can no longer enter ${closed}, where the database ${folder} is: ` +
    `let others pass through it (chmod o+x ${closed}), then start again.`
  );
}

/** `postgres.json`: `elsewhere` is the cluster's folder when it is not in DATA_DIR, so that a DATA_DIR can be moved. */
interface Saved {
  port: number;
  password: string;
  elsewhere?: string;
}

/**
 * Creates DATA_DIR when it is missing: the server's user may pass through, others may not look around.
 * Not Node's own recursive mkdir, which never returns where a folder exists that takes no files, such as /proc.
 */
export function createDataFolder(dataDir: string): void {
  if (existsSync(dataDir)) {
    if (!statSync(dataDir).isDirectory()) throw Object.assign(new Error("It is a file."), { code: "EEXIST" });
    return;
  }
  const parent = dirname(dataDir);
  if (!existsSync(parent)) createDataFolder(parent);
  mkdirSync(dataDir);
  chmodSync(dataDir, 0o711);
}

/** What the last start remembered; undefined for a new DATA_DIR. */
export function readSaved(dataDir: string): Saved | undefined {
  const file = join(dataDir, "postgres.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** Written whole or not at all: without the password the cluster is lost. */
export function remember(dataDir: string, { folder, port, password }: Cluster): void {
  const file = join(dataDir, "postgres.json");
  const saved: Saved = { port, password, ...(dirname(folder) === realpathSync(dataDir) ? {} : { elsewhere: folder }) };
  writeFileSync(`${file}.new`, `${JSON.stringify(saved)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Root runs an existing cluster as whoever owns it: it may have been created without root. */
function ownerOf(folder: string): ServerUser | undefined {
  if (process.getuid?.() !== 0 || !existsSync(folder)) return undefined;
  const { uid, gid } = statSync(folder);
  return uid === 0 ? undefined : { uid, gid };
}

/** initdb into a folder beside, renamed when complete: a killed initdb leaves nothing that looks like a cluster. */
export async function createCluster(cluster: Cluster, durable: boolean): Promise<void> {
  const unfinished = `${cluster.folder}.unfinished`;
  const passwordFile = join(unfinished, "password");
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(join(unfinished, "cluster"), { recursive: true });
  writeFileSync(passwordFile, cluster.password, { mode: 0o600 });
  chmodSync(unfinished, 0o711); // whatever the umask, the server's user passes through
  chmodSync(join(unfinished, "cluster"), 0o700);
  const { user } = cluster;
  if (user) for (const path of [join(unfinished, "cluster"), passwordFile]) chownSync(path, user.uid, user.gid);
  const settings = ["--username=postgres", "--auth=scram-sha-256", `--pwfile=${passwordFile}`, "--encoding=UTF8"];
  // The built-in locale does not depend on which locales the machine has.
  const locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const speed = durable ? [] : ["--no-sync"];
  const { code, output } = await runProgram(cluster, "initdb", [
    "-D",
    join(unfinished, "cluster"),
    ...settings,
    ...locale,
    ...speed,
  ]);
  if (code !== 0)
    throw new StartError(`PostgreSQL could not create its data in ${cluster.folder}: ${lastLine(output)}`);
  rmSync(cluster.folder, { recursive: true, force: true });
  renameSync(join(unfinished, "cluster"), cluster.folder);
  rmSync(unfinished, { recursive: true, force: true });
}

/** Throws StartError for files that cannot be read or were written by another PostgreSQL. */
export function refuseOtherVersion(folder: string): void {
  let version: string;
  try {
    version = readFileSync(join(folder, "PG_VERSION"), "utf8").trim();
  } catch (error) {
    throw new StartError(
      `The database in ${folder} cannot be read: ${reasonOf(error)}. Set DATA_DIR to another folder.`,
    );
  }
  if (version !== majorVersion)
    throw new StartError(
      `The data in ${folder} belongs to PostgreSQL ${version}, this is PostgreSQL ${majorVersion}: ` +
        "set DATA_DIR to another folder, or move the data with pg_dump.",
    );
}

/** A superuser URL of one of its databases. */
export function urlOf({ port, password }: Cluster, database: string): string {
  return `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
}

/** Runs one of PostgreSQL's programs as the cluster's user, in a session of its own. */
export function runProgram(
  cluster: Cluster,
  program: string,
  args: string[],
): Promise<{ code: number | null; output: string }> {
  // Our own would bring secrets, PG* variables and a locale.
  const environment: Record<string, string> = { LC_ALL: "C", TZ: "UTC", PATH: "/usr/bin:/bin" };
  return new Promise((done, fail) => {
    const child = spawn(join(cluster.binaries, "bin", program), args, {
      ...(cluster.user ?? {}),
      cwd: "/", // ours may be closed to that user
      detached: true,
      env: environment as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.once("error", (error) => fail(new StartError(`PostgreSQL's ${program} cannot run: ${reasonOf(error)}.`)));
    child.once("exit", (code) => done({ code, output }));
  });
}
