import type { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Env } from "#lib/platform/env";

/** Next.js, ready to answer. */
export interface NextApp {
  handle: (req: IncomingMessage, res: ServerResponse) => Promise<void>;
  close(): Promise<void>;
}

/**
 * Next gets an emitter in place of our server: it would add its own `upgrade` listener and end WebSockets that are not its
 * own. It is imported late because React and Next choose their build by NODE_ENV when they are loaded, and because a process
 * without the portal needs neither.
 */
export async function openNext(env: Pick<Env, "NODE_ENV" | "HOST" | "PORT">, upgrades: EventEmitter): Promise<NextApp> {
  // biome-ignore lint/style/noProcessEnv: written, for React and Next, which read it.
  Object.assign(process.env, { NODE_ENV: env.NODE_ENV });
  const { default: next } = await import("next");
  const app = next({
    dev: env.NODE_ENV === "development",
    dir: import.meta.dirname,
    hostname: env.HOST,
    port: env.PORT,
    httpServer: upgrades as NonNullable<Parameters<typeof next>[0]["httpServer"]>,
  });
  await app.prepare();
  return { handle: app.getRequestHandler(), close: () => app.close() };
}
