import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Whether a process runs. A zombie does not: in a container without an init nobody ever collects it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return processState(pid) !== "Z";
}

/** Polls until the process is gone; false when it still runs after `timeoutMs`. */
export async function waitUntilGone(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isAlive(pid)) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/** The process's command line, its arguments joined by spaces; empty when it is gone or hidden. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return process.platform === "linux" ? "" : ps(pid, "command");
  }
}

/** Identifies one life of a pid: the operating system hands the number out again, never with the same start time. */
export function startedAt(pid: number): string {
  return statFields(pid)[19] ?? (process.platform === "linux" ? "" : ps(pid, "lstart"));
}

function processState(pid: number): string {
  return statFields(pid)[0] ?? (process.platform === "linux" ? "" : ps(pid, "state").slice(0, 1));
}

/** /proc/<pid>/stat from its third field on: the second, the name, may contain spaces and brackets. */
function statFields(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

function ps(pid: number, column: string): string {
  try {
    return execFileSync("ps", ["-p", String(pid), "-o", `${column}=`], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}
