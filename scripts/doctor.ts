import { Redis } from "ioredis";
import { currentBuildFolder, isBuilt } from "#dev/build";
import { inUseBy } from "#dev/data-folder";
import { whyNotListen } from "#dev/ports";
import { runningPostgres } from "#dev/postgres";
import { redisProgram, runningRedis } from "#dev/redis";
import { checkSettings, ports, startVariables } from "#dev/settings";
import type { Env } from "#lib/platform/env";
import { missingMigrations } from "#prisma/migrate";

/** `npm run doctor`: looks at everything a start depends on, changes nothing, exits 1 when a check fails. */
interface Check {
  name: string;
  /** What was found; `note` is neither good nor bad. Throws with the sentence to print when it is bad. */
  look(): Promise<string | { note: string }>;
}

const variables = startVariables(false);
let failures = 0;

async function run({ name, look }: Check): Promise<void> {
  try {
    const found = await look();
    print(typeof found === "string" ? "ok" : "note", name, typeof found === "string" ? found : found.note);
  } catch (error) {
    failures++;
    print("FAIL", name, (error as Error).message || String(error));
  }
}

function print(mark: string, name: string, text: string): void {
  process.stdout.write(`${mark.padEnd(5)} ${name.padEnd(13)} ${text}\n`);
}

const node: Check = {
  name: "Node",
  look: async () => {
    const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
    if (major > 22 || (major === 22 && minor >= 18)) return process.versions.node;
    throw new Error(`${process.versions.node} cannot run TypeScript: it takes 22.18 or newer.`);
  },
};

const settings: Check = {
  name: "Settings",
  look: async () => {
    checkSettings(variables);
    return "all valid";
  },
};

const postgres = (env: Env): Check => ({
  name: "PostgreSQL",
  look: async () => {
    const url = await databaseUrl(env);
    if (!url) return { note: "the built-in one, not running now: `npm start` starts it" };
    const missing = await missingMigrations(url);
    if (missing.length > 0)
      throw new Error(`answers, but lacks migrations: npm run db:migrate applies ${missing.join(", ")}.`);
    return `answers, every migration is applied (${variables.DATABASE_URL ? "DATABASE_URL" : "built-in"})`;
  },
});

const redis = (env: Env): Check => ({
  name: "Redis",
  look: async () => {
    const url = env.REDIS_URL ?? (await runningRedis(env.DATA_DIR));
    if (url) return lookAtRedis(url);
    const program = redisProgram();
    if (program) return { note: `${program} is installed, not running now: \`npm start\` starts it` };
    return { note: "none found: limits are counted in memory, which serves one process" };
  },
});

async function lookAtRedis(url: string): Promise<string> {
  const client = new Redis(url, { lazyConnect: true, connectTimeout: 3_000, retryStrategy: () => null });
  client.on("error", () => {}); // connect() rejects with it
  try {
    await client.connect();
    const [, policy] = (await client.config("GET", "maxmemory-policy")) as string[];
    if (policy === "noeviction") return "answers, maxmemory-policy is noeviction";
    throw new Error(`has maxmemory-policy ${policy}: set it to noeviction, an evicted counter admits too much.`);
  } finally {
    client.disconnect();
  }
}

const port = (env: Env, name: string, number: number): Check => ({
  name,
  look: async () => {
    const problem = await whyNotListen(number, env.HOST);
    if (problem === undefined) return `${number} is free`;
    const holder = inUseBy(env.DATA_DIR);
    if (problem === "EADDRINUSE" && holder)
      return { note: `${number} is taken; Portico runs from this data folder (pid ${holder.pid})` };
    throw new Error(`${number} on ${env.HOST} cannot be used (${problem}): set ${name} to another port.`);
  },
});

const build: Check = {
  name: "Build",
  look: async () => {
    const folder = currentBuildFolder();
    return isBuilt(folder)
      ? `up to date (${folder})`
      : { note: "none of the sources as they are now: `npm start` makes one" };
  },
};

async function databaseUrl(env: Env): Promise<string | undefined> {
  if (variables.DATABASE_URL || variables.DATABASE_URL_FILE) return env.DATABASE_URL;
  return runningPostgres(env.DATA_DIR);
}

await run(node);
await run(settings);
if (failures === 0) {
  const env = checkSettings(variables);
  await run(postgres(env));
  await run(redis(env));
  for (const [name, number] of ports(env)) await run(port(env, name, number));
  await run(build);
}
process.stdout.write(failures === 0 ? "\nEverything is in order.\n" : `\n${failures} to put right.\n`);
process.exitCode = failures === 0 ? 0 : 1;
