import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { ensureBuild, ensurePrismaClient } from "#dev/build";
import { stopLeftoverPostgres } from "#dev/postgres";
import { waitUntilGone } from "#dev/processes";
import { stopLeftoverRedis } from "#dev/redis";
import { temporaryDataFolder } from "#test/folders";
import { processesOf } from "#test/processes";
import { type Launch, launchProduct, type ProductOptions, startProduct } from "#test/product";
import { parseScrape } from "#test/prometheus";

const startLimitMs = 60_000;

let prepared: string;
let dataDir: string;

/** One first start, with all that only a first start does; every test then goes on from a copy of its data. */
beforeAll(async () => {
  const { signal } = new AbortController();
  const log = () => {};
  await ensurePrismaClient({ log, signal });
  await ensureBuild({ log, signal });
  prepared = temporaryDataFolder();
  const product = await startProduct({ dataDir: prepared });
  expect(await product.stop()).toBe(0);
}, 300_000);

afterAll(() => rmSync(prepared, { recursive: true, force: true }));

beforeEach(() => {
  dataDir = temporaryDataFolder();
  execFileSync("cp", ["-a", `${prepared}/.`, dataDir]);
});

afterEach(async () => {
  for (const pid of processesOf(dataDir)) process.kill(pid, "SIGTERM");
  for (const pid of processesOf(dataDir)) await waitUntilGone(pid, 30_000);
  await stopLeftoverRedis(dataDir);
  await stopLeftoverPostgres(dataDir).catch(() => {}); // a test may have made the folder unusable
  rmSync(dataDir, { recursive: true, force: true });
}, startLimitMs);

const start = (options: ProductOptions = {}) => startProduct({ dataDir, ...options });

/** Who the demo key of this data folder is, asked of a running product. */
async function whoami({ url }: Launch): Promise<{ status: number; id: unknown }> {
  const { customer } = JSON.parse(readFileSync(join(dataDir, "demo-keys.json"), "utf8"));
  const response = await fetch(`${url}/api/v1/api-management/whoami`, { headers: { "x-api-key": customer } });
  return { status: response.status, id: (await response.json()).id };
}

/** What a start says that must not succeed. */
async function refusal(env: Record<string, string> = {}, options: ProductOptions = {}): Promise<string> {
  const launch = await launchProduct({ dataDir, env, ...options });
  expect(await launch.exited).toBe(1);
  return launch.output();
}

test(
  "SIGTERM to `npm start` ends everything it started with exit code 0, and the data is there at the next start",
  async () => {
    const first = await start({ through: "npm" });
    const before = await whoami(first);
    expect(before.status).toBe(200);
    expect(processesOf(dataDir).length).toBeGreaterThan(4);
    expect(await first.stop()).toBe(0);
    expect(processesOf(dataDir)).toEqual([]);

    const startedAt = performance.now();
    const second = await start({ through: "npm" });
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect(await whoami(second)).toEqual(before);
    expect(second.output()).not.toMatch(/Building|Generating|Applying|Creating/);
  },
  2 * startLimitMs,
);

test(
  "Ctrl-C, which reaches every process of the terminal, ends everything with exit code 0",
  async () => {
    const product = await start({ through: "npm" });
    process.kill(-product.pid, "SIGINT");
    expect(await product.exited).toBe(0);
    expect(processesOf(dataDir)).toEqual([]);
  },
  startLimitMs,
);

test(
  "npm killed with -9 takes everything with it",
  async () => {
    const product = await start({ through: "npm" });
    await product.kill9();
    expect(processesOf(dataDir)).toEqual([]);
  },
  startLimitMs,
);

test(
  "after kill -9 of the start its server ends by itself, and the next start adopts PostgreSQL and Redis",
  async () => {
    const killed = await start();
    const serverPid = killed.serverPid();
    await killed.kill9();
    const next = await start();
    expect(await waitUntilGone(serverPid, 0)).toBe(true);
    expect(next.output()).toMatch(/Database: .*still running from the last start/);
    expect(next.output()).toMatch(/Redis: .*still running from the last start/);
    expect((await whoami(next)).status).toBe(200);
    expect(await next.stop()).toBe(0);
    expect(processesOf(dataDir)).toEqual([]);
  },
  2 * startLimitMs,
);

test(
  "a server that dies takes the start down with a message and exit code 1",
  async () => {
    const product = await start();
    process.kill(product.serverPid(), "SIGKILL");
    expect(await product.exited).toBe(1);
    expect(product.output()).toContain("The server ended by itself (SIGKILL).");
    expect(processesOf(dataDir)).toEqual([]);
  },
  startLimitMs,
);

test(
  "an uncaught exception is logged, and the server drains and ends with exit code 1",
  async () => {
    const program = join(import.meta.dirname, "programs/throw-on-signal.ts");
    const product = await start({ env: { NODE_OPTIONS: `--import=${program}` } });
    process.kill(product.serverPid(), "SIGUSR2");
    expect(await product.exited).toBe(1);
    expect(product.output()).toContain("The server ended by itself (exit code 1).");
    const log = readFileSync(join(dataDir, "server.log"), "utf8");
    expect(log).toMatch(/"level":"fatal".*"message":"boom".*uncaught exception/);
    expect(log).not.toContain("could be closed");
    expect(processesOf(dataDir)).toEqual([]);
  },
  startLimitMs,
);

test(
  "two instances run side by side, and a second start of the same data folder is refused",
  async () => {
    const one = await start();
    expect(await refusal()).toContain(`Portico already runs with the data folder ${dataDir} (pid ${one.pid})`);
    const other = await startProduct();
    expect(await fetch(`${other.url}/readyz`).then(({ status }) => status)).toBe(200);
    expect(await other.stop()).toBe(0);
    expect((await whoami(one)).status).toBe(200);
  },
  2 * startLimitMs,
);

test(
  "with GATEWAY_WORKERS=2 calls are served by the portal's port and by workers on GATEWAY_PORT, and all of it ends together",
  async () => {
    const product = await start({ env: { GATEWAY_WORKERS: "2" } });
    const { premium } = JSON.parse(readFileSync(join(dataDir, "demo-keys.json"), "utf8"));
    for (const origin of [product.url, product.gatewayUrl]) {
      const answer = await fetch(`${origin}/users/1`, { headers: { "x-api-key": premium } });
      expect([answer.status, (await answer.json()).username]).toEqual([200, "Bret"]);
    }
    const found = parseScrape(await (await fetch(`${product.metricsUrl}/metrics`)).text());
    expect(found.sum("portico_gateway_requests_total", { status_class: "2xx" })).toBe(2);
    expect(await product.stop()).toBe(0);
    expect(processesOf(dataDir)).toEqual([]);
  },
  startLimitMs,
);

test("a busy port is one sentence and exit code 1, before anything is started", async () => {
  const squatter = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => squatter.once("listening", done));
  const { port } = squatter.address() as { port: number };
  try {
    const sentence = `Port ${port} is in use by another program: end that program, or set GATEWAY_PORT to another port.\n`;
    expect(await refusal({}, { gatewayPort: port })).toBe(sentence);
    expect(processesOf(dataDir)).toEqual([]);
  } finally {
    squatter.close();
  }
});

test("the same port given twice is one sentence and exit code 1", async () => {
  expect(await refusal({ PORT: "7790", METRICS_PORT: "7790" })).toBe(
    "PORT and METRICS_PORT are both 7790: give each its own port.\n",
  );
});

test("wrong variables are all told at once, with exit code 1", async () => {
  const output = await refusal({ PORT: "http", LOG_LEVEL: "loud", API_KEY_LENGTH: "8", AUTH_SECRET: "short" });
  for (const name of ["PORT", "LOG_LEVEL", "API_KEY_LENGTH", "AUTH_SECRET"]) expect(output).toContain(name);
  expect(output).not.toContain("    at ");
});

test("a data folder that cannot be used is one sentence and exit code 1", async () => {
  const file = join(dataDir, "file");
  writeFileSync(file, "");
  expect(await refusal({}, { dataDir: join(file, "data") })).toBe(
    `The data folder ${file}/data cannot be used: a part of the path is a file, not a folder. ` +
      "Set DATA_DIR to a folder that can be written.\n",
  );
});

test("a place where no folder can be made is one sentence and exit code 1", async () => {
  expect(await refusal({}, { dataDir: "/proc/portico/data" })).toMatch(
    /^The data folder \/proc\/portico\/data cannot be used: /,
  );
});

test("a database that cannot be reached is one sentence and exit code 1", async () => {
  expect(await refusal({ DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none" })).toContain(
    "The database of DATABASE_URL cannot be used: connect ECONNREFUSED 127.0.0.1:1.",
  );
  expect(processesOf(dataDir)).toEqual([]);
});
