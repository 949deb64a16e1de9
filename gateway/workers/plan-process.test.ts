import { expect, it } from "vitest";
import { planProcess } from "#gateway/workers/plan-process";
import type { Role } from "#lib/platform/env";

const env = {
  PORT: 1,
  GATEWAY_PORT: 2,
  METRICS_PORT: 3,
  METRICS_ENABLED: true,
  GATEWAY_WORKERS: 1,
  REDIS_URL: "redis://r",
};

it.each([
  ["portal,gateway,worker", 1, "portal,gateway,worker", 0, "PORT,GATEWAY_PORT,METRICS_PORT"],
  ["portal", 4, "portal", 0, "PORT,METRICS_PORT"],
  ["gateway", 1, "gateway", 0, "GATEWAY_PORT,METRICS_PORT"],
  ["worker", 4, "worker", 0, "METRICS_PORT"],
  // the portal's port is nobody else's, so whoever listens on it serves gateway calls there itself
  ["portal,gateway,worker", 4, "portal,gateway,worker", 4, "PORT,GATEWAY_PORT,METRICS_PORT"],
  ["gateway,worker", 2, "worker", 2, "GATEWAY_PORT,METRICS_PORT"],
  ["gateway", 2, "", 2, "GATEWAY_PORT,METRICS_PORT"],
])("ROLES=%s GATEWAY_WORKERS=%i", (asked, GATEWAY_WORKERS, roles, workers, ports) => {
  const plan = planProcess({ ...env, ROLES: asked.split(",") as Role[], GATEWAY_WORKERS }, false);
  expect([plan.roles.join(), plan.workers, plan.ports.map(({ name }) => name).join()]).toEqual([roles, workers, ports]);
});

it("a worker serves calls and listens nowhere, whatever its parent does", () => {
  const plan = planProcess({ ...env, ROLES: ["portal", "gateway"], GATEWAY_WORKERS: 4 }, true);
  expect(plan).toEqual({ isWorker: true, roles: ["gateway"], workers: 0, ports: [] });
});

it("METRICS_ENABLED=false opens no METRICS_PORT", () => {
  expect(planProcess({ ...env, ROLES: ["worker"], METRICS_ENABLED: false }, false).ports).toEqual([]);
});

it("several workers without Redis are refused, with the reason", () => {
  const alone = { ...env, REDIS_URL: undefined, GATEWAY_WORKERS: 4 };
  expect(() => planProcess({ ...alone, ROLES: ["gateway"] }, false)).toThrow(
    /GATEWAY_WORKERS is 4.*needs Redis.*REDIS_URL/,
  );
  expect(planProcess({ ...alone, ROLES: ["portal"] }, false).workers).toBe(0);
});
