import pino, { type Logger } from "pino";
import type { Env } from "#lib/platform/env";

declare module "#lib/platform/runtime" {
  interface Runtime {
    logger: Logger;
  }
}

/** One JSON line an event on stdout. Credentials are removed by path even when somebody logs a whole request. */
export function openLogger(env: Pick<Env, "LOG_LEVEL">): Logger {
  return pino({
    level: env.LOG_LEVEL,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: ["*.authorization", "*.cookie", "*.password", "*.key", "*.secret", "*['x-api-key']", "*['set-cookie']"],
      censor: "[removed]",
    },
  });
}
