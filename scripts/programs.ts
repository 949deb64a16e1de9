import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { StartError } from "#dev/start-error";

interface Needed {
  /** What it is for, as it ends "npm test needs …". */
  what: string;
  /** Program names, any of which will do. */
  names: string[];
  debianPackage: string;
  homebrewPackage: string;
}

export const redisServer: Needed = {
  what: "redis-server or valkey-server",
  names: ["redis-server", "valkey-server"],
  debianPackage: "redis-server",
  homebrewPackage: "redis",
};

export const chromium: Needed = {
  what: "Chromium or Chrome",
  names: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
  debianPackage: "chromium",
  homebrewPackage: "--cask chromium",
};

/** The path of a program, undefined when it is not on PATH. */
export function findProgram({ names }: Needed): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find(isExecutable);
}

/** Installs what is missing when we are root on Debian. Throws StartError, which says how, when we are not. */
export function requirePrograms(needed: Needed[], log: (line: string) => void): void {
  const missing = needed.filter((program) => !findProgram(program));
  if (missing.length === 0) return;
  const packages = missing.map(({ debianPackage }) => debianPackage);
  if (process.getuid?.() === 0 && existsSync("/etc/debian_version")) {
    log(`Installing ${packages.join(" and ")} for the tests …`);
    aptGet(["update"]);
    aptGet(["install", "-y", "--no-install-recommends", ...packages]);
  }
  const still = missing.filter((program) => !findProgram(program));
  if (still.length === 0) return;
  const brew = still.map(({ homebrewPackage }) => `brew install ${homebrewPackage}`).join(" && ");
  throw new StartError(
    `The tests need ${still.map(({ what }) => what).join(" and ")}: ` +
      `sudo apt-get install ${still.map(({ debianPackage }) => debianPackage).join(" ")} (Debian, Ubuntu), or ${brew} (macOS).`,
  );
}

function aptGet(command: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status, stdout, stderr } = spawnSync("apt-get", command, { env, encoding: "utf8" });
  if (status !== 0) process.stderr.write(`${stdout}${stderr}`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
