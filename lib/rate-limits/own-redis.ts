import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";

const programs = ["redis-server", "valkey-server"];

/** A Redis that a test may kill, stop and empty. For tests only. */
export class OwnRedis {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), "portico-limits-redis-"));
  #server: ChildProcess | undefined;

  private constructor(port: number) {
    this.port = port;
  }

  static async start(): Promise<OwnRedis> {
    const redis = new OwnRedis(await freePort());
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts the server, empty, on the same port as before. */
  async start(): Promise<void> {
    const settings = ["--port", String(this.port), "--bind", "127.0.0.1", "--dir", this.#folder, "--save", ""];
    const program = programs.find((name) => spawnSync(name, ["--version"]).status === 0);
    if (!program) throw new Error("This test needs redis-server or valkey-server on PATH.");
    const server = spawn(program, [...settings, "--maxmemory-policy", "noeviction"], { stdio: "ignore" });
    await once(server, "spawn");
    this.#server = server;
    const client = new Redis(this.url, { retryStrategy: () => 20, maxRetriesPerRequest: 200 });
    client.on("error", () => undefined);
    await client.ping();
    client.disconnect();
  }

  /** Sends SIGSTOP or SIGCONT, or SIGKILL and waits for the end. */
  async signal(signal: "SIGSTOP" | "SIGCONT" | "SIGKILL"): Promise<void> {
    const server = this.#server;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const end = signal === "SIGKILL" ? once(server, "exit") : undefined;
    server.kill(signal);
    await end;
  }

  async remove(): Promise<void> {
    await this.signal("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("No port.");
  return address.port;
}
