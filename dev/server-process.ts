import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import type { Variables } from "#dev/settings";

export interface ServerProcess {
  pid: number;
  /** Resolves when it says that it is ready. */
  ready: Promise<void>;
  /** Resolves when it ended, with what to tell people. */
  ended: Promise<string>;
  /** SIGTERM, wait while it drains, SIGKILL at the limit. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  variables: Variables;
  /** Where its output goes; undefined: to ours. */
  logFile: string | undefined;
}

/** As `npm run serve`: what calls leave behind is collected early, or the process grows to twice what it needs. Workers inherit it. */
const serverFlags = ["--max-semi-space-size=8"];
const drainLimitMs = 35_000; // the server ends itself after 30 s
const logBytesMax = 10 * 1024 * 1024;

/**
 * Starts server.ts in a process group of its own, so that Ctrl-C reaches it through us, in order. It tells us over the
 * channel when it is ready, and stops when the channel closes, which it does however we end.
 */
export function startServer({ variables, logFile }: ServerOptions): ServerProcess {
  const output = logFile ? openLog(logFile) : "inherit";
  const child = spawn(process.execPath, [...serverFlags, "server.ts"], {
    detached: true,
    env: variables as NodeJS.ProcessEnv,
    stdio: ["ignore", output, output, "ipc"],
  });
  if (typeof output === "number") closeSync(output);
  const ready = new Promise<void>((done) => {
    child.on("message", (message) => (message as { type?: string }).type === "ready" && done());
  });
  const ended = new Promise<string>((done) => {
    child.once("error", (error) => done(`The server could not be started: ${error.message}`));
    child.once("exit", (code, signal) => done(`The server ended by itself (${signal ?? `exit code ${code}`}).`));
  });
  return { pid: child.pid ?? 0, ready, ended, stop: () => stopServer(child, ended) };
}

/** The end of a log file as text to print before a message; empty when there is none. */
export function lastLines(logFile: string | undefined): string {
  if (!logFile || !existsSync(logFile)) return "";
  const lines = readFileSync(logFile, "utf8").trim().split("\n").slice(-20);
  return `${lines.join("\n")}\n`;
}

function openLog(file: string): number {
  if (existsSync(file) && statSync(file).size > logBytesMax) renameSync(file, `${file}.1`);
  return openSync(file, "a", 0o600);
}

async function stopServer(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const kill = setTimeout(() => child.kill("SIGKILL"), drainLimitMs);
  child.kill("SIGTERM");
  await ended;
  clearTimeout(kill);
}
