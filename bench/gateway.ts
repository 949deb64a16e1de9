import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openStage } from "./stage.ts";

/**
 * P1 and P2: CPU microseconds per request of the gateway with all policies on and with none, beside the peers in PEERS_DIR (a folder
 * with compare.sh). Needs wrk, nginx and redis-server. Prints one JSON line.
 */
const peersDir = process.env.PEERS_DIR ?? join(import.meta.dirname, "../../shared/bench");
if (!existsSync(join(peersDir, "compare.sh"))) throw new Error("PEERS_DIR must name a folder with compare.sh.");
const stage = await openStage({ upstreamUrl: "http://127.0.0.1:9000" });
try {
  const gateway = await stage.startGateway(1);
  const rounds = process.env.ROUNDS ?? "3";
  const peers = process.argv.slice(2);
  const lines: string[] = [];
  for (const path of ["/svc/items", "/plain/items"]) {
    const output = await compare(peers, {
      ...{ SUBJECT_PID: String(gateway.pid), SUBJECT_PORT: String(gateway.port) },
      KEYS_FILE: stage.keysFile,
      REQ_PATH: path,
      ROUNDS: rounds,
    });
    lines.push(
      ...output
        .split("\n")
        .filter(Boolean)
        .map((line) => `${path} ${line}`),
    );
  }
  process.stdout.write(`${lines.join("\n")}\n`);
  execFileSync("sleep", ["2"]);
  const [rows] = await stage.query<{ rows: string }>("SELECT count(*) AS rows FROM usage_events");
  process.stdout.write(`${JSON.stringify(rows)}\n`);
  await gateway.stop();
} finally {
  await stage.close();
}

function compare(peers: string[], variables: Record<string, string>): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn("bash", [join(peersDir, "compare.sh"), ...peers], {
      env: { ...process.env, ...variables, NODE: process.execPath },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      process.stderr.write(text);
    });
    child.once("exit", (code) => (code === 0 ? done(output) : fail(new Error(`compare.sh ended with ${code}.`))));
  });
}
