import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeDemoKeys } from "#dev/demo-keys";
import { type WelcomeOptions, welcome } from "#dev/welcome";
import { readEnv } from "#lib/platform/env";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "portico-welcome-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const secret = "a secret of at least thirty-two bytes";

function greet(settings: Record<string, string> = {}, options: Partial<WelcomeOptions> = {}): string {
  const env = readEnv({
    DATABASE_URL: "postgresql://127.0.0.1/portico",
    AUTH_SECRET: secret,
    KEY_PEPPER: secret,
    ENCRYPTION_KEY: secret,
    PORT: "3100",
    GATEWAY_PORT: "8180",
    PORTICO_DEMO: "1",
    DATA_DIR: dataDir,
    ...settings,
  });
  return welcome({ env, logFile: undefined, ownGatewayPort: true, newKeys: false, ...options });
}

test("says where portal, gateway and API are", () => {
  expect(greet()).toMatch(/Portal +http:\/\/localhost:3100\n/);
  expect(greet()).toMatch(/Gateway +http:\/\/localhost:8180\n/);
  expect(greet({}, { ownGatewayPort: false })).not.toContain("8180");
});

test("shows the keys at the start that made them, and from then on only where they are", () => {
  writeDemoKeys(dataDir, { premium: "ak_premium", customer: "ak_customer" });
  expect(greet({}, { newKeys: true })).toContain("  premium  ak_premium\n  customer ak_customer\n");
  expect(greet()).toContain(`Demo API keys are in ${join(dataDir, "demo-keys.json")}.`);
  expect(greet()).not.toContain("ak_");
});

test("suggests calls that a shell can run as they stand", () => {
  writeDemoKeys(dataDir, { premium: "ak_premium", customer: "ak_customer" });
  const lines = greet().split("\n");
  expect(lines).toContain('  curl -i -H "X-API-Key: $KEY" http://localhost:3100/api/v1/customers/me/services');
  expect(lines).toContain(
    `    -d "{\\"api_key\\": \\"$KEY\\"}" | node -p 'JSON.parse(fs.readFileSync(0)).access_token')`,
  );
});

test("without the demo it names no accounts and no calls", () => {
  expect(greet({ PORTICO_DEMO: "0" })).not.toMatch(/portico\.localhost|curl/);
});
