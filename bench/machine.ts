import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** The load, the upstream, Redis and PostgreSQL share one core, what is measured has the other. */
const cores = { load: 0, subject: 1 } as const;

/** Throws unless all of these programs can be run. */
export function requirePrograms(...names: string[]): void {
  const missing = names.filter((name) => spawnSync("sh", ["-c", `command -v ${name}`]).status !== 0);
  if (missing.length > 0) throw new Error(`This measurement needs ${missing.join(", ")}: Debian has them as packages.`);
}

const canPin = () => availableParallelism() > 1 && spawnSync("taskset", ["-V"]).status === 0;

/** Moves this process, and so all that it starts from now on, to the core of the load. */
export function leaveSubjectAlone(): void {
  if (canPin()) execFileSync("taskset", ["-acp", String(cores.load), String(process.pid)], { stdio: "ignore" });
}

/** A command line, to be run on the core of what is measured. */
export function onSubjectCore(command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  return canPin() ? ["taskset", "-c", String(cores.subject), ...command] : command;
}

const ticksPerSecond = () => Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** CPU time of a process with all its threads, microseconds. */
export function cpuMicroseconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond()) * 1e6;
}

/** What a process holds of the machine's memory, megabytes. */
export function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) / 1024;
}

/** The machine in a few words. */
export function describeMachine(): string {
  const model = /^model name\s*:\s*(.+)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1] ?? process.arch;
  const gigabytes = Number(/^MemTotal:\s+(\d+)/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1]) / 1024 ** 2;
  return `${availableParallelism()} × ${model}, ${gigabytes.toFixed(0)} GB, ${process.platform}, Node ${process.versions.node}`;
}
