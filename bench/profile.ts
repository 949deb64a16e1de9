import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { requirePrograms } from "./machine.ts";
import { rounded } from "./report.ts";
import { openStage } from "./stage.ts";
import { load } from "./wrk.ts";

/**
 * Where the gateway's time goes: a CPU profile of it under load, by owner and by function. Prints a table. REQ_PATH=/plain/items for
 * the proxy alone; PROFILE_DIR keeps the profile for a browser's developer tools.
 */
interface ProfileNode {
  id: number;
  callFrame: { functionName: string; url: string; lineNumber: number };
  children?: number[];
}

interface Profile {
  nodes: ProfileNode[];
  samples: number[];
  timeDeltas: number[];
}

/** Who owns a stack: the first of these that its innermost frame with an owner belongs to. */
const owners: readonly (readonly [name: string, frame: RegExp])[] = [
  [
    "usage: shipping to PostgreSQL",
    /spool\/(ship|open-shipper|batch|dead|repeat|open-heart)|usage\/(aggregate|store-sums|clamp|latency-h)|\/pg[/-]/,
  ],
  ["usage: recording", /spool\/|usage\/(event|record)|record-exchange|gateway-metrics/],
  ["limits: Redis client", /ioredis/],
  ["limits: decision and headers", /rate-limits|count-limits/],
  ["key check", /lib\/keys|pushed-cache|crypto|authenticate|authorize|lib\/identity|internal\/crypto/],
  ["upstream: undici", /undici|wasm/],
  ["upstream: our own", /gateway\/upstream/],
  ["gateway: matching, heads, pipeline", /\/gateway\/|\/lib\//],
  ["node:http server", /_http|http_/],
  ["timers and immediates", /timers/],
];

requirePrograms("wrk", "nginx", "redis-server");
const seconds = Number(process.env.SECS ?? 15);
const path = process.env.REQ_PATH ?? "/svc/items";
const stage = await openStage();
try {
  const folder = process.env.PROFILE_DIR ?? join(stage.folder, "profile");
  mkdirSync(folder, { recursive: true });
  const known = new Set(readdirSync(folder));
  const gateway = await stage.startGateway(["--cpu-prof", "--cpu-prof-interval=500", `--cpu-prof-dir=${folder}`]);
  await load(stage, { gateway, path, seconds: 5 });
  const measured = await load(stage, { gateway, path, seconds });
  await gateway.stop();
  const file = readdirSync(folder).find((name) => name.endsWith(".cpuprofile") && !known.has(name));
  if (!file) throw new Error("The gateway wrote no profile.");
  process.stdout.write(
    `${measured.requestsPerSecond} requests a second, ${rounded(measured.cpuUs, 1)} µs of CPU each\n`,
  );
  print(JSON.parse(readFileSync(join(folder, file), "utf8")), measured.cpuUs);
} finally {
  await stage.close();
}

/** Of the end of the profile, when everything was warm: shares, and what they are of `cpuUs`. */
function print({ nodes, samples, timeDeltas }: Profile, cpuUs: number): void {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)));
  const ofOwner = new Map<string, number>();
  const ofFrame = new Map<string, number>();
  let leftUs = timeDeltas.reduce((sum, time) => sum + time, 0);
  const count = (into: Map<string, number>, name: string, time: number) => into.set(name, (into.get(name) ?? 0) + time);
  for (const [at, id] of samples.entries()) {
    const time = timeDeltas[at] ?? 0;
    leftUs -= time;
    const node = leftUs < seconds * 1e6 ? byId.get(id) : undefined;
    const owner = node && ownerOf(node, parents);
    if (!owner) continue;
    count(ofOwner, owner, time);
    count(ofFrame, `${owner} | ${nameOf(node)}`, time);
  }
  const total = [...ofOwner.values()].reduce((sum, time) => sum + time, 0);
  const line = (time: number, name: string) =>
    `${((time / total) * 100).toFixed(1).padStart(5)} % ${((time / total) * cpuUs).toFixed(2).padStart(6)} µs  ${name}\n`;
  const descending = (times: ReadonlyMap<string, number>) => [...times].sort(([, a], [, b]) => b - a);
  for (const [owner, time] of descending(ofOwner)) process.stdout.write(line(time, owner));
  process.stdout.write("\n");
  for (const [frame, time] of descending(ofFrame).slice(0, 60)) process.stdout.write(line(time, frame));
}

/** Undefined: the process had nothing to do. */
function ownerOf(node: ProfileNode, parents: ReadonlyMap<number, ProfileNode>): string | undefined {
  const { functionName } = node.callFrame;
  if (functionName === "(idle)") return undefined;
  if (functionName === "(garbage collector)") return "garbage collector";
  for (let at: ProfileNode | undefined = node; at; at = parents.get(at.id)) {
    const { url } = at.callFrame;
    const owner = owners.find(([, frame]) => frame.test(url));
    if (owner) return owner[0];
  }
  return "Node itself: sockets, streams, event loop";
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const file = url.replace(/^file:\/\//, "").replace(`${join(import.meta.dirname, "..")}/`, "");
  return `${functionName || "(anonymous)"} ${file}${file ? `:${lineNumber + 1}` : ""}`;
}
