import { spawn } from "node:child_process";
import { join } from "node:path";
import { freePort } from "#dev/ports";

/** One server.ts, without the stack that `npm start` puts around it. */
export interface ServerProcess {
  pid: number;
  url: string;
  gatewayUrl: string;
  metricsUrl: string;
  /** Its log and what it printed. */
  output(): string;
  /** Resolves when it is ready; rejects with its output when it ends before. */
  ready: Promise<void>;
  /** The exit code; null after a signal. */
  exited: Promise<number | null>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

const root = join(import.meta.dirname, "..");

/** Starts it on free ports; `variables` may name others. It ends when the test run does. */
export async function launchServer(variables: Record<string, string>): Promise<ServerProcess> {
  const [port, gatewayPort, metricsPort] = [await freePort(), await freePort(), await freePort()];
  const env = {
    NODE_ENV: "production" as const,
    PORT: String(port),
    GATEWAY_PORT: String(gatewayPort),
    METRICS_PORT: String(metricsPort),
    PATH: process.env.PATH ?? "",
    ...variables,
  } satisfies NodeJS.ProcessEnv;
  const child = spawn(process.execPath, ["server.ts"], { cwd: root, env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  let output = "";
  child.stdout?.on("data", (chunk) => (output += chunk));
  child.stderr?.on("data", (chunk) => (output += chunk));
  const exited = new Promise<number | null>((done) => child.once("close", done));
  const ready = new Promise<void>((resolve, reject) => {
    child.on("message", ({ type }: { type?: string }) => type === "ready" && resolve());
    void exited.then((code) => reject(new Error(`The server ended (${code}):\n${output}`)));
  });
  ready.catch(() => undefined); // for those who expect it to fail
  return {
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${env.PORT}`,
    gatewayUrl: `http://127.0.0.1:${env.GATEWAY_PORT}`,
    metricsUrl: `http://127.0.0.1:${env.METRICS_PORT}`,
    output: () => output,
    ready,
    exited,
    kill: (signal) => void child.kill(signal),
    stop() {
      child.kill("SIGTERM");
      return exited;
    },
  };
}

/** As `launchServer`, and waits until it is ready. */
export async function startServer(variables: Record<string, string>): Promise<ServerProcess> {
  const server = await launchServer(variables);
  await server.ready;
  return server;
}
