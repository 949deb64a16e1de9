import { readdirSync, readFileSync } from "node:fs";
import { isAlive } from "#dev/processes";

/** Every living process that was given this DATA_DIR, by its environment or its command line, and all their descendants. */
export function processesOf(dataDir: string): number[] {
  const all = readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && isAlive(pid));
  const found = new Set(all.filter((pid) => mentions(pid, dataDir)));
  for (let grew = true; grew; ) {
    const children = all.filter((pid) => !found.has(pid) && found.has(parentOf(pid)));
    for (const pid of children) found.add(pid);
    grew = children.length > 0;
  }
  return [...found];
}

function mentions(pid: number, dataDir: string): boolean {
  return read(pid, "environ").includes(`DATA_DIR=${dataDir}\0`) || read(pid, "cmdline").includes(`${dataDir}/`);
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)/m.exec(read(pid, "status"))?.[1]);
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return ""; // gone in the meantime
  }
}
