import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readDemoKeys } from "#dev/demo-keys";
import { freePort } from "#dev/ports";
import { report, rounded, say } from "./report.ts";

/**
 * P13: from `npm start` to the first call that the gateway passes to a demo upstream. With the argument `fresh` in a new clone
 * of the last commit without packages (which downloads them), else only the second start in a new data folder.
 */
const limitMs = 10 * 60_000;
const checkout = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "portico-bench-start-"));
try {
  const isFresh = process.argv.includes("fresh");
  const source = isFresh ? join(folder, "clone") : checkout;
  if (isFresh) execFileSync("git", ["clone", "--quiet", "--local", checkout, source]);
  const dataDir = join(folder, "data");
  const firstSeconds = await startOnce(source, dataDir);
  say(`First start: ${rounded(firstSeconds)} s.`);
  const secondSeconds = await startOnce(source, dataDir);
  if (isFresh) {
    const targets = { must: { atMost: 240 }, moonshot: { atMost: 120 } };
    report({
      id: "P13",
      what: "first ever npm start to first proxied 200",
      figure: rounded(firstSeconds, 1),
      unit: "s",
      ...targets,
    });
  }
  const targets = { must: { atMost: 8 }, moonshot: { atMost: 3 } };
  report({
    id: "P13",
    what: "second npm start to first proxied 200",
    figure: rounded(secondSeconds),
    unit: "s",
    ...targets,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function startOnce(source: string, dataDir: string): Promise<number> {
  const [port, gatewayPort, metricsPort] = [await freePort(), await freePort(), await freePort()];
  const ports = { PORT: String(port), GATEWAY_PORT: String(gatewayPort), METRICS_PORT: String(metricsPort) };
  const startedMs = performance.now();
  // As npm start does, without npm: a signal to npm would not reach what it started.
  const child = spawn("node", ["scripts/start.mjs"], {
    cwd: source,
    env: { ...process.env, ...ports, DATA_DIR: dataDir },
    stdio: ["ignore", "ignore", "inherit"],
  });
  try {
    await firstProxied(child, gatewayPort, dataDir);
    return (performance.now() - startedMs) / 1_000;
  } finally {
    if (child.exitCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
  }
}

async function firstProxied(child: ChildProcess, gatewayPort: number, dataDir: string): Promise<void> {
  const deadlineMs = performance.now() + limitMs;
  while (performance.now() < deadlineMs) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}.`);
    const key = readDemoKeys(dataDir).premium;
    if (key !== undefined && (await isProxied(gatewayPort, key))) return;
    await sleep(20);
  }
  throw new Error("npm start passed no call on within ten minutes.");
}

async function isProxied(port: number, key: string): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/users`, { headers: { "x-api-key": key } }).catch(
    () => undefined,
  );
  await response?.arrayBuffer();
  return response?.status === 200;
}
