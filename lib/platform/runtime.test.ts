import { readdirSync, readFileSync } from "node:fs";
import { expect, it, vi } from "vitest";

it("a second evaluated copy of the module finds the same runtime, and nothing is composed by importing it", async () => {
  const first = await import("#lib/platform/runtime");
  expect(() => first.runtime()).toThrow(/No runtime was composed/);
  const composed = first.composeRuntime({});
  vi.resetModules();
  const second = await import("#lib/platform/runtime");
  expect(second.runtime).not.toBe(first.runtime);
  expect(second.runtime()).toBe(composed);
});

/** `let` at the start of a line, or a constant that holds something meant to be written to. */
const moduleState = new RegExp(
  [
    "^(?:export )?(?:let|var) ",
    // An empty collection is there to be filled; one made of something may be a constant.
    String.raw`^(?:export )?const \w+(?::[^=]+)? = (?:new (?:Map|Set|WeakMap)(?:<[^(]*>)?\(\)|\{\};|\[\];)`,
    String.raw`^(?:export )?const \w+(?::[^=]+)? = new (?:(?:pg\.)?Pool|Client|Redis|EventEmitter|PushedCache)\b`,
  ].join("|"),
  "m",
);

it.each([
  "let a = 1;",
  "export let b: X;",
  "const c = new Map<string, X>();",
  "const d = new Set();",
  "export const e: X = {};",
  "const f: X[] = [];",
  "const g = new pg.Pool();",
])("knows %s for state", (line) => expect(moduleState.test(`import x from "y";\n${line}\n`)).toBe(true));

it("no file of lib, gateway or worker keeps state at module level", () => {
  const files = ["lib", "gateway", "worker"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter(
        (file) => /\.ts$/.test(file) && !/\.test\.ts$|-conformance\.ts$|-properties\.ts$|\.caller\.ts$/.test(file),
      )
      .map((file) => `${folder}/${file}`),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => moduleState.test(readFileSync(file, "utf8")))).toEqual([]);
});

it("no file of lib reads a file beside itself: in a bundle there is none", () => {
  const files = readdirSync("lib", { recursive: true, encoding: "utf8" }).filter((file) =>
    /(?<!\.test)\.ts$/.test(file),
  );
  const reading = files.filter(
    (file) =>
      !/test|conformance|caller/.test(file) &&
      /import\.meta\.(dirname|filename|url)|__dirname/.test(readFileSync(`lib/${file}`, "utf8")),
  );
  expect(reading).toEqual([]);
});
