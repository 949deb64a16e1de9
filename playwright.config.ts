import { defineConfig } from "@playwright/test";

const testLimitMs = 60_000;
const expectLimitMs = 10_000;

/** Debian's own Chromium, without what a browser does in the background. */
const chromiumFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Browser tests against the real product, started once by `e2e/global-setup.ts`. A test that fails once has failed. */
export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  globalSetup: "./e2e/global-setup.ts",
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: testLimitMs,
  expect: { timeout: expectLimitMs },
  reporter: [["list"]],
  outputDir: "node_modules/.cache/playwright",
  use: {
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: process.env.CHROMIUM_PATH || "/usr/bin/chromium", args: chromiumFlags },
    trace: "off",
    screenshot: "only-on-failure",
  },
});
