// Plain Node 20 without any package: this runs before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const markerFile = "node_modules/.portico-install";
const lockFolder = "node_modules/.portico-installing";

/** Installs the packages of package.json unless exactly these were installed before. Ends the process when that fails. */
export async function installPackages() {
  requireNode20();
  process.chdir(fileURLToPath(new URL("..", import.meta.url)));
  if (isInstalled()) return;
  mkdirSync("node_modules", { recursive: true });
  await holdLock(async () => {
    if (isInstalled()) return;
    console.log("Installing the packages Portico needs (a minute or two; only when they changed) …");
    // Not `npm ci`: the lock file was made on one platform and names the optional packages of that one only.
    const npm = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
    const { status } = spawnSync("npm", npm, { stdio: "inherit", env: { ...process.env, NODE_ENV: "development" } });
    if (status !== 0) fail("The packages could not be installed; npm's message above says why.");
    writeFileSync(markerFile, installKey());
  });
}

/** Runs a TypeScript program on Node 24, passes signals on, and ends with its exit code. */
export function handOver(program, args) {
  const child = spawn(findNode(), [program, ...args], { stdio: ["inherit", "inherit", "inherit", "ipc"] });
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => child.kill(name));
  stopWithNpm(() => child.kill("SIGTERM"));
  child.on("exit", (code) => process.exit(code ?? 1));
}

/** The Node that came with the packages, else this one if it runs TypeScript. */
function findNode() {
  const bundled = "node_modules/.bin/node";
  if (spawnSync(bundled, ["--version"]).status === 0) return bundled;
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  return fail(
    `There is no bundled Node for ${process.platform}-${process.arch}: install Node 22.18 or newer, then try again.`,
  );
}

function requireNode20() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    fail(
      `Portico needs Node 20.19 or newer, this is ${process.versions.node}: install it from https://nodejs.org, then try again.`,
    );
}

/** npm passes SIGINT and SIGTERM on; killed in any other way it leaves us behind, which shows in our parent's number. */
function stopWithNpm(stop) {
  if (!process.env.npm_lifecycle_event) return;
  const npm = process.ppid;
  setInterval(() => process.ppid === npm || stop(), 500).unref();
}

function isInstalled() {
  return existsSync(markerFile) && readFileSync(markerFile, "utf8") === installKey();
}

function installKey() {
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}`);
  for (const file of ["package.json", "package-lock.json"]) hash.update(readFileSync(file));
  return hash.digest("hex");
}

/** Two first starts at once: the second waits for the first. */
async function holdLock(work) {
  const ownerFile = `${lockFolder}/pid`;
  for (let told = false; ; told = true) {
    try {
      mkdirSync(lockFolder);
      writeFileSync(ownerFile, String(process.pid));
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (!told) console.log("Another start is installing the packages: waiting for it …");
    await sleep(500);
    if (!isRunning(ownerFile)) rmSync(lockFolder, { recursive: true, force: true });
  }
  try {
    await work();
  } finally {
    rmSync(lockFolder, { recursive: true, force: true });
  }
}

function isRunning(ownerFile) {
  try {
    return process.kill(Number(readFileSync(ownerFile, "utf8")), 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

function fail(message) {
  console.error(message);
  rmSync(lockFolder, { recursive: true, force: true });
  process.exit(1);
}
