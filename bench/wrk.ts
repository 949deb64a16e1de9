import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cpuMicroseconds } from "./machine.ts";
import type { GatewayProcess, Stage } from "./stage.ts";

export interface LoadOptions {
  gateway: GatewayProcess;
  path: string;
  seconds: number;
  connections?: number;
  /** How many keys of the stage take part, from the `firstKey`th on. */
  keys?: number;
  firstKey?: number;
}

export interface Load {
  requests: number;
  requestsPerSecond: number;
  p50Us: number;
  p99Us: number;
  /** Answers from 400 on, and connections that broke. */
  failures: number;
  /** CPU of the gateway for each request. */
  cpuUs: number;
}

/** The same requests again and again, one key after the other, as fast as `connections` callers get answers. */
export async function load(stage: Stage, options: LoadOptions): Promise<Load> {
  const { gateway, path, seconds, connections = 64, keys = 4_096, firstKey = 0 } = options;
  const script = join(stage.folder, "load.lua");
  writeFileSync(script, lua);
  const before = cpuMicroseconds(gateway.pid);
  const text = await run(
    ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", "-s", script, `http://127.0.0.1:${gateway.port}`],
    { KEYS_FILE: stage.keysFile, REQ_PATH: path, KEYS: String(keys), FIRST_KEY: String(firstKey) },
  );
  const cpu = cpuMicroseconds(gateway.pid) - before;
  const result: Omit<Load, "cpuUs"> = JSON.parse(/^RESULT (.*)$/m.exec(text)?.[1] ?? "{}");
  return { ...result, cpuUs: cpu / Math.max(1, result.requests) };
}

/** A warm-up that nobody looks at, then the load that counts. */
export async function warmLoad(stage: Stage, options: LoadOptions): Promise<Load> {
  await load(stage, { ...options, seconds: Math.max(2, Math.ceil(options.seconds / 2)) });
  return load(stage, options);
}

function run(args: readonly string[], variables: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("wrk", args, { env: { ...process.env, ...variables }, stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve(output) : reject(new Error(`wrk ended with ${code}.`))));
  });
}

const lua = `
local first, count, path = tonumber(os.getenv('FIRST_KEY')), tonumber(os.getenv('KEYS')), os.getenv('REQ_PATH')
local requests, at = {}, 0
function init()
  local line = 0
  for key in io.lines(os.getenv('KEYS_FILE')) do
    if line >= first and #requests < count then
      requests[#requests + 1] = wrk.format('GET', path, { ['x-api-key'] = key })
    end
    line = line + 1
  end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('RESULT {"requests":%d,"requestsPerSecond":%.1f,"p50Us":%d,"p99Us":%d,"failures":%d}\\n',
    summary.requests, summary.requests / (summary.duration / 1e6), latency:percentile(50), latency:percentile(99),
    e.status + e.connect + e.read + e.write + e.timeout))
end
`;
