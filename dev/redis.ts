import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, isPortFree } from "#dev/ports";
import { waitUntilGone } from "#dev/processes";
import { lastLine, reasonOf, StartError } from "#dev/start-error";

export interface RedisOptions {
  /** DATA_DIR: data, configuration and password live in `redis/` in it. */
  dataDir: string;
  /** A fixed port; absent: the one of last time, or a free one. */
  port?: number;
  /** Keep the data across restarts (default). */
  appendonly?: boolean;
}

export interface RunningRedis {
  url: string;
  port: number;
  /** True when a server of this DATA_DIR was already running, left behind by a killed start. */
  adopted: boolean;
  pid: number;
  /** Saves and ends; resolves when the process is gone. Harmless when it already stopped. */
  stop(): Promise<void>;
}

interface Saved {
  port: number;
  password: string;
}

const startLimitMs = 5_000;

/** The first Redis-compatible server program on PATH. */
export function redisProgram(): string | undefined {
  return ["redis-server", "valkey-server"].find((program) => spawnSync(program, ["--version"]).status === 0);
}

/**
 * Starts a private Redis of this DATA_DIR on loopback behind a generated password, or adopts the one that still runs.
 * Undefined when no server program is installed. `noeviction`: an evicted limit counter would admit too much.
 */
export async function startRedis(options: RedisOptions): Promise<RunningRedis | undefined> {
  const program = redisProgram();
  if (!program) return undefined;
  const folder = join(resolve(options.dataDir), "redis");
  const saved = openFolder(folder);
  const livePid = saved.port > 0 ? await serverPid(saved, folder) : undefined;
  if (livePid !== undefined) return running(saved, livePid, true);
  for (let attempt = 1; attempt <= 3; attempt++) {
    const remembered = attempt === 1 && saved.port > 0 && (await isPortFree(saved.port));
    saved.port = options.port ?? (remembered ? saved.port : await freePort());
    const pid = await launch(program, folder, saved, options.appendonly !== false);
    if (pid !== undefined) return running(saved, pid, false);
  }
  throw new StartError(`Redis did not start: ${lastLogLine(folder)}`);
}

/** The URL of the Redis that runs for this DATA_DIR; undefined when none does. Starts nothing. */
export async function runningRedis(dataDir: string): Promise<string | undefined> {
  const folder = join(resolve(dataDir), "redis");
  if (!existsSync(join(folder, "portico.json"))) return undefined;
  const saved = openFolder(folder);
  return (await serverPid(saved, folder)) === undefined ? undefined : urlOf(saved);
}

/** Ends the Redis that a killed process left running for this DATA_DIR, if there is one. */
export async function stopLeftoverRedis(dataDir: string): Promise<void> {
  const folder = join(resolve(dataDir), "redis");
  if (!existsSync(join(folder, "portico.json"))) return;
  const pid = await serverPid(openFolder(folder), folder);
  if (pid !== undefined) await stop(pid);
}

function openFolder(folder: string): Saved {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, "portico.json");
    return existsSync(file)
      ? JSON.parse(readFileSync(file, "utf8"))
      : { port: 0, password: randomBytes(24).toString("hex") };
  } catch (error) {
    throw new StartError(
      `The data folder ${folder} cannot be used: ${reasonOf(error)}. Set DATA_DIR to another folder.`,
    );
  }
}

function running(saved: Saved, pid: number, adopted: boolean): RunningRedis {
  return {
    url: urlOf(saved),
    port: saved.port,
    adopted,
    pid,
    stop: () => stop(pid),
  };
}

function urlOf({ port, password }: Saved): string {
  return `redis://:${password}@127.0.0.1:${port}`;
}

/**
 * The pid of the new server; undefined when it ended by itself, as it does where its port is taken.
 * The configuration goes into a file: a password among the arguments is readable by every user of the machine.
 */
async function launch(program: string, folder: string, saved: Saved, appendonly: boolean): Promise<number | undefined> {
  const settings: Record<string, string | number> = {
    bind: "127.0.0.1",
    port: saved.port,
    requirepass: saved.password,
    dir: JSON.stringify(folder),
    logfile: JSON.stringify(join(folder, "server.log")),
    save: '""',
    appendonly: appendonly ? "yes" : "no",
    "maxmemory-policy": "noeviction",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  writeFileSync(join(folder, "redis.conf"), `${lines.join("\n")}\n`, { mode: 0o600 });
  writeFileSync(join(folder, "portico.json"), `${JSON.stringify(saved)}\n`, { mode: 0o600 });
  writeFileSync(join(folder, "server.log"), "", { mode: 0o600 });
  // A session of its own: Ctrl-C in a terminal does not reach it. Not `daemonize`, which would hide its pid from us.
  const server = spawn(program, [join(folder, "redis.conf")], { cwd: folder, detached: true, stdio: "ignore" });
  let hasEnded = false;
  for (const ending of ["error", "exit"]) server.once(ending, () => (hasEnded = true));
  server.unref();
  for (const deadline = performance.now() + startLimitMs; performance.now() < deadline; await sleep(20)) {
    const pid = await serverPid(saved, folder);
    if (pid !== undefined) return pid;
    if (hasEnded) return undefined;
  }
  if (server.pid !== undefined) await stop(server.pid); // or nobody would ever find it
  throw new StartError(`Redis runs but does not answer as the one of ${folder}: ${lastLogLine(folder)}`);
}

/** The pid of the server that answers on this port, knows our password and works in our folder. */
async function serverPid({ port, password }: Saved, folder: string): Promise<number | undefined> {
  const answer = await ask(port, `AUTH ${password}\r\nCONFIG GET dir\r\nINFO server\r\nQUIT\r\n`);
  if (!answer.includes(`\r\n${realpathSync(folder)}\r\n`)) return undefined; // it tells its folder without symlinks
  const pid = Number(/process_id:(\d+)/.exec(answer)?.[1]);
  return pid > 0 ? pid : undefined;
}

function ask(port: number, commands: string): Promise<string> {
  return new Promise((done) => {
    const socket = connect({ host: "127.0.0.1", port }, () => socket.write(commands));
    let answer = "";
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on("data", (chunk) => (answer += chunk.toString()));
    socket.on("error", () => {});
    socket.on("close", () => done(answer));
  });
}

async function stop(pid: number): Promise<void> {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    return; // already gone
  }
  if (!(await waitUntilGone(pid, 15_000))) throw new StartError(`Redis (pid ${pid}) did not stop within 15 s.`);
}

function lastLogLine(folder: string): string {
  const log = join(folder, "server.log");
  return lastLine(existsSync(log) ? readFileSync(log, "utf8") : "");
}
