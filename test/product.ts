import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "#dev/ports";
import { temporaryDataFolder } from "#test/folders";

export interface ProductOptions {
  /** Portal port; absent: a free one, as for the two others. */
  port?: number;
  gatewayPort?: number;
  metricsPort?: number;
  /** Absent: a temporary one, removed by `stop()`. */
  dataDir?: string;
  /** Further variables of the start. */
  env?: Record<string, string>;
  /** "npm" goes through `npm start` as a person does; default: its program dev/stack.ts at once. */
  through?: "npm" | "stack";
}

/** A start of Portico, whether or not it will succeed. */
export interface Launch {
  url: string;
  gatewayUrl: string;
  metricsUrl: string;
  dataDir: string;
  pid: number;
  /** What it printed so far, errors included. */
  output(): string;
  /** The exit code; null after a signal. */
  exited: Promise<number | null>;
  /** The pid of its server.ts. */
  serverPid(): number;
  /** SIGTERM; resolves with the exit code once everything it started is closed. */
  stop(): Promise<number | null>;
  /** SIGKILL to the process that was started, and to nothing else. */
  kill9(): Promise<void>;
}

const root = join(import.meta.dirname, "..");
const readyLimitMs = 240_000; // a first build included

/** Starts the whole product, as `npm start` does, and waits until it is ready. Throws with its output when it is not. */
export async function startProduct(options: ProductOptions = {}): Promise<Launch> {
  const launch = await launchProduct(options);
  const deadline = performance.now() + readyLimitMs;
  let code: number | null | undefined;
  launch.exited.then((exitCode) => (code = exitCode));
  while (!launch.output().includes("Portico is ready.")) {
    if (code !== undefined) throw new Error(`The product ended with exit code ${code}:\n${launch.output()}`);
    if (performance.now() > deadline) {
      await launch.stop();
      throw new Error(`The product was not ready within ${readyLimitMs / 1_000} s:\n${launch.output()}`);
    }
    await sleep(50);
  }
  return launch;
}

/** As `startProduct`, without waiting: for starts that are expected to fail. */
export async function launchProduct(options: ProductOptions = {}): Promise<Launch> {
  const dataDir = options.dataDir ?? temporaryDataFolder();
  const [port, gatewayPort, metricsPort] = await portsOf(options);
  const variables: Record<string, string> = {
    PORT: String(port),
    GATEWAY_PORT: String(gatewayPort),
    METRICS_PORT: String(metricsPort),
    DATA_DIR: dataDir,
    ...emptied,
    ...options.env,
  };
  const child = spawnStart(options.through ?? "stack", variables);
  let output = "";
  child.stdout?.on("data", (chunk) => (output += chunk));
  child.stderr?.on("data", (chunk) => (output += chunk));
  // "close", not "exit": by then everything it printed has arrived. A server left behind writes to its log, not to us.
  const exited = new Promise<number | null>((done) => child.once("close", done));
  return {
    url: `http://127.0.0.1:${port}`,
    gatewayUrl: `http://127.0.0.1:${gatewayPort}`,
    metricsUrl: `http://127.0.0.1:${metricsPort}`,
    dataDir,
    pid: child.pid ?? 0,
    output: () => output,
    exited,
    serverPid: () => JSON.parse(readFileSync(join(dataDir, "server.pid"), "utf8")).pid,
    stop: async () => {
      child.kill("SIGTERM");
      const code = await exited;
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
      return code;
    },
    kill9: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** The developer's own settings and `.env` must not leak into a product under test. */
const emptied = {
  DATABASE_URL: "",
  REDIS_URL: "",
  SMTP_URL: "",
  PUBLIC_URL: "",
  HOST: "",
  ROLES: "",
  TRUSTED_PROXIES: "",
  DEFAULT_RATE_LIMITS: "",
  NODE_OPTIONS: "",
  PORTICO_DEMO: "1",
} as const;

async function portsOf(options: ProductOptions): Promise<[number, number, number]> {
  const port = options.port ?? (await freePort());
  return [port, options.gatewayPort ?? (await freePort()), options.metricsPort ?? (await freePort())];
}

/**
 * The channel tells the stack when we are gone, so that a killed test run leaves no product behind. npm gets a process group
 * of its own, as in a terminal, so that a test can press Ctrl-C.
 */
function spawnStart(through: "npm" | "stack", variables: Record<string, string>): ChildProcess {
  const env = { ...process.env, ...variables };
  if (through === "npm")
    return spawn("npm", ["start"], { cwd: root, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  return spawn(process.execPath, ["dev/stack.ts"], { cwd: root, env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
}
