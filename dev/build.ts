import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { holder, isHeld, type LockHolder, withLock } from "#dev/lock-file";
import { lastLine, StartError } from "#dev/start-error";

export interface BuildOptions {
  log: (line: string) => void;
  signal: AbortSignal;
}

const clientSources = ["prisma/schema.prisma", "prisma/models/**", "prisma.config.ts"];
const pageSources = [
  "app/**",
  "components/**",
  "lib/**",
  "public/**",
  "middleware.ts",
  "instrumentation.ts",
  "next.config.js",
  "postcss.config.mjs",
  "tsconfig.json",
  "package.json",
  "package-lock.json",
  ...clientSources,
];
const lockFile = "node_modules/.portico-build.lock";
const finishedFile = "portico-finished.json";
const buildsKept = 3;

/** Generates the Prisma client when the models changed since it was last generated. */
export async function ensurePrismaClient({ log, signal }: BuildOptions): Promise<void> {
  const keyFile = ".prisma-client/portico-key";
  const key = hashOf([...clientSources, "node_modules/prisma/package.json"]);
  const isFresh = () => existsSync(keyFile) && readFileSync(keyFile, "utf8") === key;
  if (isFresh()) return;
  await withLock(lockFile, waitingFor(log), signal, async () => {
    if (isFresh()) return;
    log("Generating the database client …");
    await run(["node_modules/prisma/build/index.js", "generate"], { CHECKPOINT_DISABLE: "1" }, signal);
    writeFileSync(keyFile, key);
  });
}

/**
 * Builds the pages unless a build of exactly these sources exists. Returns its folder (NEXT_DIST_DIR).
 * Every state of the sources has a folder of its own, so that a build never pulls files from under a running instance.
 */
export async function ensureBuild({ log, signal }: BuildOptions): Promise<string> {
  const folder = currentBuildFolder();
  const isFinished = () => isBuilt(folder);
  if (isFinished()) return folder;
  return withLock(lockFile, waitingFor(log), signal, async () => {
    if (isFinished()) return folder;
    log("Building the pages (about a minute; only when their sources changed) …");
    rmSync(folder, { recursive: true, force: true });
    await nextBuild(folder, signal);
    writeFileSync(join(folder, finishedFile), `${JSON.stringify({ finishedAt: new Date().toISOString() })}\n`);
    removeOldBuilds(folder);
    return folder;
  });
}

/** The folder that belongs to the sources as they are now, built or not. */
export function currentBuildFolder(): string {
  return `.next-${hashOf(pageSources).slice(0, 12)}`;
}

/** Whether the build in this folder was completed. */
export function isBuilt(folder: string): boolean {
  return existsSync(join(folder, finishedFile));
}

/** Builds the pages into this folder, whatever is there. */
export async function nextBuild(folder: string, signal: AbortSignal): Promise<void> {
  const variables = { NEXT_DIST_DIR: folder, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
  await run(["node_modules/next/dist/bin/next", "build"], variables, signal);
}

/** Notes that this process runs from a build, which is kept until the process is gone. */
export function holdBuild(folder: string): void {
  const users = join(folder, "portico-users");
  mkdirSync(users, { recursive: true });
  writeFileSync(join(users, String(process.pid)), JSON.stringify(holder()));
}

/** The newest few stay, and every build that a living instance runs from. */
function removeOldBuilds(newest: string): void {
  const builds = readdirSync(".")
    .filter((name) => /^\.next-[0-9a-f]{12}$/.test(name) && name !== newest && !isUsed(name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const old of builds.slice(buildsKept - 1)) rmSync(old, { recursive: true, force: true });
}

function isUsed(folder: string): boolean {
  const users = join(folder, "portico-users");
  if (!existsSync(users)) return false;
  return readdirSync(users).some((name) => isHeld(JSON.parse(readFileSync(join(users, name), "utf8")) as LockHolder));
}

/** SHA-256 over the names and contents of all files of these patterns, tests aside. */
function hashOf(patterns: string[]): string {
  const hash = createHash("sha256");
  for (const file of globSync(patterns).sort()) {
    if (/\.test(-d)?\.tsx?$/.test(file) || !statSync(file).isFile()) continue;
    hash.update(`\0${file}\0`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

function waitingFor(log: (line: string) => void): (holder: LockHolder) => void {
  return ({ pid }) => log(`Another start (pid ${pid}) is building: waiting for it …`);
}

/** Runs a JavaScript program silently; its output is shown only when it fails. */
function run(command: string[], variables: Record<string, string>, signal: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, command, {
      env: { ...process.env, ...variables } as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const stop = () => child.kill("SIGTERM");
    signal.addEventListener("abort", stop, { once: true });
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.once("error", fail);
    child.once("close", (code) => {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) return fail(signal.reason);
      if (code === 0) return done();
      fail(new StartError(`${output.trim()}\n${command.join(" ")} failed: ${lastLine(output)}`));
    });
  });
}
