import { type Env, type Role, SettingsError } from "#lib/platform/env";

/** What one process does of all that ROLES and GATEWAY_WORKERS ask for. */
export interface ProcessPlan {
  /** Whether a supervisor started it. */
  isWorker: boolean;
  /** What it does itself. */
  roles: Role[];
  /** How many gateway workers it starts and supervises; 0: it serves calls itself, if anybody does. */
  workers: number;
  /** The ports it listens on. A worker listens on none: it is given its connections. */
  ports: { name: PortName; port: number }[];
}

export type PortName = "PORT" | "GATEWAY_PORT" | "METRICS_PORT";

type Settings = Pick<
  Env,
  "ROLES" | "GATEWAY_WORKERS" | "REDIS_URL" | "PORT" | "GATEWAY_PORT" | "METRICS_PORT" | "METRICS_ENABLED"
>;

/**
 * A supervisor passes on what comes by GATEWAY_PORT, but the portal's port is its own, gateway calls on it included. Throws a
 * SettingsError when there would be several processes with nothing to count limits together.
 */
export function planProcess(env: Settings, isWorker: boolean): ProcessPlan {
  const { ROLES, GATEWAY_WORKERS } = env;
  const asked = (...names: PortName[]) => names.map((name) => ({ name, port: env[name] }));
  if (isWorker) return { isWorker, roles: ["gateway"], workers: 0, ports: [] };
  const hasPortal = ROLES.includes("portal");
  const workers = ROLES.includes("gateway") && GATEWAY_WORKERS > 1 ? GATEWAY_WORKERS : 0;
  if (workers > 0 && !env.REDIS_URL) {
    throw new SettingsError(
      `GATEWAY_WORKERS is ${workers}, and more than one process needs Redis to count limits together: set REDIS_URL, or GATEWAY_WORKERS to 1.`,
    );
  }
  return {
    isWorker,
    roles: workers > 0 && !hasPortal ? ROLES.filter((role) => role !== "gateway") : ROLES,
    workers,
    ports: [
      ...(hasPortal ? asked("PORT") : []),
      ...(ROLES.includes("gateway") ? asked("GATEWAY_PORT") : []),
      ...(env.METRICS_ENABLED ? asked("METRICS_PORT") : []),
    ],
  };
}
