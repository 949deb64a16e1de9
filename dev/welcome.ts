import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { demoAccounts, demoPassword } from "#lib/identity/demo-accounts";
import type { Env } from "#lib/platform/env";

export interface WelcomeOptions {
  env: Env;
  logFile: string | undefined;
  /** Whether GATEWAY_PORT is listened on beside PORT. */
  ownGatewayPort: boolean;
  /** Whether this start created the demo keys: they are shown once. */
  newKeys: boolean;
}

/** Where demo keys are written, by name: `{"customer": "ak_…"}`. */
export function demoKeysFile(dataDir: string): string {
  return join(dataDir, "demo-keys.json");
}

/** What a newcomer needs to go on: addresses, accounts, keys, a first call, and how to stop. */
export function welcome({ env, logFile, ownGatewayPort, newKeys }: WelcomeOptions): string {
  const addresses = [
    ["Portal", env.PUBLIC_URL],
    ...(ownGatewayPort ? [["Gateway", `http://localhost:${env.GATEWAY_PORT}`]] : []),
    ...(env.ROLES.includes("portal")
      ? [["API", `${env.PUBLIC_URL}/api/v1/api-management (described at /openapi.json)`]]
      : []),
    ["Data", inWords(env.DATA_DIR)],
    ...(logFile ? [["Log", inWords(logFile)]] : []),
  ].map(([name, value]) => `  ${name?.padEnd(8)} ${value}`);
  const demo = env.PORTICO_DEMO ? ["", ...demoLines(env, newKeys)] : [];
  return ["", "Portico is ready.", "", ...addresses, ...demo, "", "Stop with Ctrl-C. The data is kept.", ""].join("\n");
}

function demoLines(env: Env, newKeys: boolean): string[] {
  const accounts = demoAccounts.map(({ email, role }) => `  ${email.padEnd(28)} ${role.toLowerCase()}`);
  const file = demoKeysFile(env.DATA_DIR);
  if (!existsSync(file)) return [`Sign in with password ${demoPassword} as`, ...accounts];
  const keys = Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, string>);
  const shown = newKeys ? keys.map(([name, key]) => `  ${name.padEnd(8)} ${key}`) : [];
  return [
    `Sign in with password ${demoPassword} as`,
    ...accounts,
    "",
    `Demo API keys are in ${inWords(file)}${newKeys ? ":" : "."}`,
    ...shown,
    "",
    "A first call:",
    `  KEY=$(node -p 'JSON.parse(fs.readFileSync("${inWords(file)}")).customer')`,
    `  curl -i -H "X-API-Key: $KEY" ${env.PUBLIC_URL}/api/v1/api-management/whoami`,
  ];
}

/** A path as one would type it here. */
function inWords(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
}
