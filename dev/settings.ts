import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { freePort, whyNotListen } from "#dev/ports";
import { StartError } from "#dev/start-error";
import { type Env, readEnv } from "#lib/platform/env";

/** Environment variables as they are handed to the server process. */
export type Variables = Record<string, string | undefined>;

const secretNames = ["AUTH_SECRET", "KEY_PEPPER", "ENCRYPTION_KEY"] as const;

/** The caller's variables, those of `.env` behind them, and what the one-command start adds to both. */
export function startVariables(dev: boolean): Variables {
  if (existsSync(".env")) process.loadEnvFile(".env");
  return {
    ...process.env,
    NODE_ENV: dev ? "development" : "production",
    PORTICO_DEMO: process.env.PORTICO_DEMO || "1",
    DATA_DIR: resolve(process.env.DATA_DIR || ".data"),
    NEXT_TELEMETRY_DISABLED: "1",
  };
}

/**
 * Validates every setting before anything is opened: what the start will provide itself is filled with a stand-in.
 * Throws the one error that lists all problems.
 */
export function checkSettings(variables: Variables): Env {
  requireSecretsInProduction(variables);
  const standIns: Variables = { DATABASE_URL: "postgresql://127.0.0.1/portico" };
  for (const name of secretNames) standIns[name] = "0".repeat(64);
  for (const name of Object.keys(standIns)) if (variables[`${name}_FILE`]) delete standIns[name];
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value));
  return readEnv({ ...standIns, ...given });
}

/** Throws StartError, naming the variable to change, when two ports are the same or one is taken. */
export async function checkPorts(env: Env): Promise<void> {
  const wanted = ports(env);
  for (const [name, port] of wanted) {
    const twin = wanted.find(([other, otherPort]) => other !== name && otherPort === port);
    if (twin) throw new StartError(`${name} and ${twin[0]} are both ${port}: give each its own port.`);
    const problem = await whyNotListen(port, env.HOST);
    if (problem !== undefined) throw new StartError(portSentence(name, port, env.HOST, problem));
  }
}

function portSentence(name: string, port: number, host: string, problem: string): string {
  if (problem === "EADDRINUSE")
    return `Port ${port} is in use by another program: end that program, or set ${name} to another port.`;
  if (problem === "EACCES") return `Port ${port} may only be opened by root: set ${name} to a port above 1023.`;
  return `Portico cannot listen on ${host} (${problem}): set HOST to an address of this machine.`;
}

/** PORT=0 and its like mean "any": chosen here, because the address must be known before the server runs. */
export async function chooseAnyPorts(variables: Variables, env: Env): Promise<Env> {
  for (const [name, port] of ports(env)) if (port === 0) variables[name] = String(await freePort(env.HOST));
  return checkSettings(variables);
}

/** The ports this process will listen on, by the name of their variable. */
export function ports(env: Env): [name: string, port: number][] {
  const all: [name: string, port: number, isOpened: boolean][] = [
    ["PORT", env.PORT, env.ROLES.includes("portal")],
    ["GATEWAY_PORT", env.GATEWAY_PORT, env.ROLES.includes("gateway")],
    ["METRICS_PORT", env.METRICS_PORT, env.METRICS_ENABLED],
  ];
  return all.filter(([, , isOpened]) => isOpened).map(([name, port]) => [name, port]);
}

/** Secrets that were not given, generated once and kept in DATA_DIR/secrets.json (0600). */
export function generatedSecrets(dataDir: string, variables: Variables): Variables {
  const file = join(dataDir, "secrets.json");
  const saved: Record<string, string> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const missing = missingSecrets(variables);
  const generated = Object.fromEntries(missing.map((name) => [name, saved[name] ?? randomBytes(32).toString("hex")]));
  if (missing.some((name) => saved[name] === undefined)) {
    writeFileSync(`${file}.new`, `${JSON.stringify({ ...saved, ...generated }, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return generated;
}

function missingSecrets(variables: Variables): string[] {
  return secretNames.filter((name) => !variables[name] && !variables[`${name}_FILE`]);
}

/** Without demo data a start is meant seriously: a secret that lies in a data folder, where nobody knows of it, is lost with it. */
function requireSecretsInProduction(variables: Variables): void {
  const isDemo = !["0", "false"].includes(variables.PORTICO_DEMO ?? "");
  const missing = missingSecrets(variables);
  if (isDemo || variables.NODE_ENV === "development" || missing.length === 0) return;
  throw new StartError(
    `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not set: with PORTICO_DEMO=0 no secret is generated, so give each at least 32 random bytes, itself or in the file that its variable with _FILE names.`,
  );
}
