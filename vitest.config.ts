import { defineConfig } from "vitest/config";

const outsideVitest = ["**/node_modules/**", "**/.next*/**", "**/.data*/**", "e2e/**"];

/** `#lib/*` & co. are package.json "imports", which Vite resolves as Node does; `@/` is the UI's alias. */
export default defineConfig({
  resolve: { alias: { "@": import.meta.dirname } },
  test: {
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["**/*.test.ts", "**/*.test.tsx"],
          exclude: [...outsideVitest, "**/*.int.test.ts"],
          testTimeout: 10_000,
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["**/*.int.test.ts"],
          exclude: outsideVitest,
          globalSetup: "test/global-setup.ts",
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
