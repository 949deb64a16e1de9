import { relative } from "node:path";
import { demoKeysFile, readDemoKeys } from "#dev/demo-keys";
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

/** What a newcomer needs to go on: addresses, accounts, keys, a first call, and how to stop. */
export function welcome({ env, logFile, ownGatewayPort, newKeys }: WelcomeOptions): string {
  const addresses = [
    ...(env.ROLES.includes("portal") ? [["Portal", env.PUBLIC_URL]] : []),
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
  const signIn = [`Sign in with password ${demoPassword} as`, ...accounts];
  const keys = Object.entries(readDemoKeys(env.DATA_DIR));
  if (keys.length === 0) return signIn;
  const file = inWords(demoKeysFile(env.DATA_DIR));
  const shown = newKeys ? keys.map(([name, key]) => `  ${name.padEnd(8)} ${key}`) : [];
  return [...signIn, "", `Demo API keys are in ${file}${newKeys ? ":" : "."}`, ...shown, "", ...firstCalls(env, file)];
}

/** Plain curl and node, which is here: what needs installing first is not a first call. */
function firstCalls({ PUBLIC_URL, ROLES }: Env, file: string): string[] {
  const read = (name: string) => `$(node -p 'JSON.parse(fs.readFileSync("${file}")).${name}')`;
  if (!ROLES.includes("gateway")) {
    return [
      "A first call:",
      `  KEY=${read("customer")}`,
      `  curl -i -H "X-API-Key: $KEY" ${PUBLIC_URL}/api/v1/api-management/whoami`,
    ];
  }
  return [
    "A first call through the gateway:",
    `  KEY=${read("customer")}`,
    `  curl -i -H "X-API-Key: $KEY" ${PUBLIC_URL}/api/v1/customers/me/services`,
    "",
    "As a partner, who exchanges a key for a token:",
    `  KEY=${read("premium")}`,
    `  TOKEN=$(curl -s -X POST ${PUBLIC_URL}/auth/token -H "Content-Type: application/json" \\`,
    `    -d "{\\"api_key\\": \\"$KEY\\"}" | node -p 'JSON.parse(fs.readFileSync(0)).access_token')`,
    `  curl -i -H "Authorization: Bearer $TOKEN" ${PUBLIC_URL}/users/1`,
  ];
}

/** A path as one would type it here. */
function inWords(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
}
