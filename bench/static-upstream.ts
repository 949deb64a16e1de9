import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "#dev/ports";

/** An upstream that costs next to nothing, and counts what reaches it. */
export interface StaticUpstream {
  url: string;
  port: number;
  /** Requests since it started, all but the questions for this number. */
  hits(): Promise<number>;
  stop(): Promise<void>;
}

/** nginx with one fixed answer of 180 bytes, as the peers have it. Stop it before `folder` is removed. */
export async function startStaticUpstream(folder: string): Promise<StaticUpstream> {
  const [port, statusPort] = [await freePort(), await freePort()];
  const prefix = join(folder, "nginx");
  mkdirSync(prefix, { recursive: true });
  const file = join(prefix, "nginx.conf");
  writeFileSync(file, configuration(prefix, port, statusPort));
  const child = spawn("nginx", ["-e", join(prefix, "error.log"), "-c", file, "-g", "daemon off;"], {
    stdio: "inherit",
  });
  const url = `http://127.0.0.1:${port}`;
  await answering(url, child);
  let questions = 0;
  return {
    url,
    port,
    async hits() {
      questions += 1;
      const text = await (await fetch(`http://127.0.0.1:${statusPort}/`)).text();
      return Number(/^ \d+ \d+ (\d+)/m.exec(text)?.[1]) - questions - probes;
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.kill("SIGQUIT");
      await once(child, "exit");
    },
  };
}

const probes = 1;

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode} while it started.`);
    const response = await fetch(`${url}/`).catch(() => undefined);
    if (response) {
      await response.arrayBuffer();
      return;
    }
    await sleep(20);
  }
}

const body =
  '{"ok":true,"items":[{"id":1,"name":"alpha"},{"id":2,"name":"beta"},{"id":3,"name":"gamma"}],"note":"fixed body so that every gateway moves the same bytes on every request........"}';

function configuration(prefix: string, port: number, statusPort: number): string {
  const folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${prefix}/${name};`,
  );
  return `worker_processes 1;
pid ${prefix}/nginx.pid;
error_log ${prefix}/error.log warn;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 100000000;
  keepalive_timeout 3600s;
  ${folders.join("\n  ")}
  server {
    listen 127.0.0.1:${port} reuseport backlog=4096;
    location / {
      default_type application/json;
      return 200 '${body}';
    }
  }
  server {
    listen 127.0.0.1:${statusPort};
    location / { stub_status; }
  }
}
`;
}
