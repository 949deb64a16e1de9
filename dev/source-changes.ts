import { existsSync, type FSWatcher, watch } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** What server.ts loads itself; `app/` and `components/` are Next's, which replaces them in place. */
const nativeSources = ["lib", "gateway", "worker", "server.ts"];
const settleMs = 150;

/** Resolves with the first source file that changes from now on, once writing has settled. Rejects when aborted. */
export async function nextChange(signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const watchers: FSWatcher[] = [];
  try {
    const file = await new Promise<string>((done, fail) => {
      signal.addEventListener("abort", () => fail(signal.reason), { once: true });
      for (const source of nativeSources.filter((path) => existsSync(path)))
        watchers.push(
          watch(source, { recursive: source !== "server.ts" }, (_, name) => {
            const path = source === "server.ts" ? source : join(source, String(name));
            if (path.endsWith(".ts") && !path.endsWith(".test.ts")) done(path);
          }),
        );
    });
    await sleep(settleMs, undefined, { signal });
    return file;
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}
