import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DemoUpstream, startDemoUpstream } from "#dev/demo-upstream/server";
import { freePort } from "#dev/ports";

const portsMax = 20;

/** Where services of the demo data may point to. */
export interface DemoAddress {
  url: string;
  /** Where it listened before, newest first: services that still point there are moved. */
  formerUrls: string[];
}

/** The demo upstream's address with this data folder: chosen at the first question, the same from then on. */
export async function demoUpstreamAddress(dataDir: string): Promise<DemoAddress> {
  const ports = readPorts(dataDir);
  if (ports.length === 0) ports.push(await freePort());
  writePorts(dataDir, ports);
  const [url = "", ...formerUrls] = ports.map((port) => `http://127.0.0.1:${port}`);
  return { url, formerUrls };
}

/** Starts it at its address; where another program took the port meanwhile, at a new one, which is remembered first. */
export async function startRememberedUpstream(dataDir: string): Promise<DemoUpstream> {
  const [port = 0, ...former] = readPorts(dataDir);
  const upstream = await startDemoUpstream(port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE" && error.code !== "EACCES") throw error;
    return startDemoUpstream();
  });
  const before = port === 0 ? former : [port, ...former];
  writePorts(dataDir, [upstream.port, ...before.filter((other) => other !== upstream.port)]);
  return upstream;
}

function portsFile(dataDir: string): string {
  return join(dataDir, "demo-upstream.json");
}

function readPorts(dataDir: string): number[] {
  const file = portsFile(dataDir);
  if (!existsSync(file)) return [];
  try {
    const { ports } = JSON.parse(readFileSync(file, "utf8")) as { ports?: unknown };
    return Array.isArray(ports) ? ports.filter((port): port is number => Number.isInteger(port) && port > 0) : [];
  } catch {
    return []; // damaged: a new port is chosen
  }
}

function writePorts(dataDir: string, ports: number[]): void {
  const file = portsFile(dataDir);
  writeFileSync(`${file}.new`, `${JSON.stringify({ ports: ports.slice(0, portsMax) })}\n`);
  renameSync(`${file}.new`, file);
}
