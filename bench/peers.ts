import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { GatewayProcess, Stage } from "./stage.ts";

/** One line of compare.sh. */
export interface PeerPoint {
  name: string;
  requestsPerSecond: number;
  p99Us: number;
  requests: number;
  failures: number;
  cpuUs: number;
}

/** The folder with compare.sh: PEERS_DIR, or where it lies beside the checkout. Undefined: there are no peers to compare with. */
export function peersFolder(): string | undefined {
  const folder = resolve(process.env.PEERS_DIR ?? join(import.meta.dirname, "../../shared/bench"));
  return existsSync(join(folder, "compare.sh")) ? folder : undefined;
}

/** Measures a gateway and its peers one after the other, `rounds` times. Their packages are installed once for all runs. */
export async function comparePeers(
  folder: string,
  stage: Stage,
  gateway: GatewayProcess,
  peers: readonly string[],
  rounds: number,
): Promise<PeerPoint[][]> {
  const runFolder = join(tmpdir(), "portico-bench-peers");
  mkdirSync(runFolder, { recursive: true });
  const programs = join(stage.folder, "programs");
  const text = await run(join(folder, "compare.sh"), peers, {
    ...{ RUN_DIR: runFolder, ROUNDS: String(rounds), SECS: process.env.SECS ?? "6", WARM: process.env.WARM ?? "3" },
    ...{ SUBJECT_PID: String(gateway.pid), SUBJECT_PORT: String(gateway.port), REQ_PATH: "/svc/items" },
    ...{ KEYS_FILE: stage.keysFile, NODE: withOwnKeys(programs, "node", process.execPath) },
    PATH: `${withOwnKeys(programs, "nginx", "nginx") && programs}:${process.env.PATH}`,
  });
  return text
    .split(/^# round \d+$/m)
    .slice(1)
    .map(readRound);
}

/** compare.sh hands our KEYS_FILE to the peers too; theirs is the one they have by default. */
function withOwnKeys(folder: string, name: string, program: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  const found = program.includes("/") ? program : `$(PATH="\${PATH#*:}" command -v ${program})`;
  writeFileSync(file, `#!/bin/sh\nunset KEYS_FILE REQ_PATH\nexec "${found}" "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

const linePattern = /^(\S+) (\{.*\}) cpu_us_per_req=(\d+) /gm;

function readRound(text: string): PeerPoint[] {
  return [...text.matchAll(linePattern)].map(([, name = "", json = "{}", cpu]) => {
    const { rps, p99_us, requests, status_ge400, err_connect, err_read, err_timeout } = JSON.parse(json);
    const failures = status_ge400 + err_connect + err_read + err_timeout;
    return { name, requestsPerSecond: rps, p99Us: p99_us, requests, failures, cpuUs: Number(cpu) };
  });
}

function run(script: string, args: readonly string[], variables: Record<string, string>): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn("bash", [script, ...args], {
      env: { ...process.env, ...variables },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      process.stderr.write(text);
    });
    child.once("error", fail);
    child.once("close", (code) => (code === 0 ? done(output) : fail(new Error(`compare.sh ended with ${code}.`))));
  });
}
