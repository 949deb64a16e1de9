import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkPorts, checkSettings, chooseAnyPorts, generatedSecrets, ports } from "#dev/settings";

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "portico-settings-"));
});

afterEach(() => rmSync(dataDir, { recursive: true }));

test("secrets are generated once, kept, and readable by their owner only", () => {
  const first = generatedSecrets(dataDir, {});
  expect(Object.keys(first)).toEqual(["AUTH_SECRET", "KEY_PEPPER", "ENCRYPTION_KEY"]);
  expect(new Set(Object.values(first)).size).toBe(3);
  for (const secret of Object.values(first)) expect(secret).toMatch(/^[0-9a-f]{64}$/);
  expect(generatedSecrets(dataDir, {})).toEqual(first);
  expect(statSync(join(dataDir, "secrets.json")).mode & 0o777).toBe(0o600);
});

test("a secret that was given, itself or as a file, is not replaced by a generated one", () => {
  const secrets = generatedSecrets(dataDir, { AUTH_SECRET: "given", KEY_PEPPER_FILE: "/run/secrets/pepper" });
  expect(Object.keys(secrets)).toEqual(["ENCRYPTION_KEY"]);
});

test("what was given is not generated for the data folder either", () => {
  expect(generatedSecrets(dataDir, { AUTH_SECRET: "a", KEY_PEPPER: "b", ENCRYPTION_KEY: "c" })).toEqual({});
  expect(readdirSync(dataDir)).toEqual([]);
});

test("in production without demo data missing secrets are one sentence; in development they are generated", () => {
  const given = { KEY_PEPPER: "0".repeat(32), DATA_DIR: dataDir };
  const settings = (NODE_ENV: string, PORTICO_DEMO: string) => () =>
    checkSettings({ ...given, NODE_ENV, PORTICO_DEMO });
  expect(settings("production", "0")).toThrow(
    "AUTH_SECRET, ENCRYPTION_KEY are not set: with PORTICO_DEMO=0 no secret is",
  );
  expect(settings("production", "false")).toThrow("are not set");
  const all = {
    AUTH_SECRET: "0".repeat(32),
    ENCRYPTION_KEY: "0".repeat(32),
    NODE_ENV: "production",
    PORTICO_DEMO: "0",
  };
  expect(checkSettings({ ...given, ...all }).PORTICO_DEMO).toBe(false);
  expect(settings("production", "1")().PORTICO_DEMO).toBe(true);
  expect(settings("development", "0")().PORTICO_DEMO).toBe(false);
});

test("what the start provides itself is not asked for, and an empty variable is an absent one", () => {
  expect(checkSettings({ DATA_DIR: dataDir, REDIS_URL: "", PORT: "4000" })).toMatchObject({
    PORT: 4000,
    DATA_DIR: dataDir,
  });
});

test("port 0 becomes a free port, told to the server by the same variable", async () => {
  const variables = { PORT: "0", GATEWAY_PORT: "0", METRICS_PORT: "0" };
  const env = await chooseAnyPorts(variables, checkSettings(variables));
  expect(new Set([env.PORT, env.GATEWAY_PORT, env.METRICS_PORT, 0]).size).toBe(4);
  expect(variables.PORT).toBe(String(env.PORT));
});

test("only ports that the roles open are asked for", () => {
  const named = (variables: Record<string, string>) => ports(checkSettings(variables)).map(([name]) => name);
  expect(named({})).toEqual(["PORT", "GATEWAY_PORT", "METRICS_PORT"]);
  expect(named({ ROLES: "worker" })).toEqual(["METRICS_PORT"]);
  expect(named({ ROLES: "gateway,worker", METRICS_ENABLED: "0" })).toEqual(["GATEWAY_PORT"]);
});

test("a host this machine does not have is told as such, not as a busy port", async () => {
  await expect(checkPorts(checkSettings({ HOST: "192.0.2.1" }))).rejects.toThrow("Portico cannot listen on 192.0.2.1");
});

test("a port another program listens on is named with its variable", async () => {
  const squatter = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => squatter.once("listening", done));
  const { port } = squatter.address() as { port: number };
  const env = await chooseAnyPorts({ PORT: "0", GATEWAY_PORT: "0" }, checkSettings({ PORT: "0", GATEWAY_PORT: "0" }));
  try {
    await expect(checkPorts({ ...env, METRICS_PORT: port })).rejects.toThrow(
      `Port ${port} is in use by another program: end that program, or set METRICS_PORT to another port.`,
    );
  } finally {
    squatter.close();
  }
});
