import type { Logger } from "pino";
import { openHeartbeat } from "#gateway/spool/open-heartbeat";
import { openRecorder } from "#gateway/spool/open-recorder";
import { openShipper } from "#gateway/spool/open-shipper";
import { spoolFolderOf } from "#gateway/spool/spool-folder";
import { openSpoolWriter } from "#gateway/spool/spool-writer";
import type { Env } from "#lib/platform/env";
import type { Runtime } from "#lib/platform/runtime";
import type { UsageRecorder } from "#lib/usage/recorder";

export interface UsageOptions {
  env: Pick<Env, "DATA_DIR" | "SPOOL_MAX_BYTES" | "ROLES">;
  postgres: Runtime["postgres"];
  logger: Logger;
  /** A new id for each start of a process. */
  bootId: string;
}

export interface OpenUsage {
  /** To be `runtime().usage`. */
  recorder: UsageRecorder;
  /** For metrics. `lost`: events that are not even counted, because the spool stayed full for days. */
  figures(): { rows: number; shippedRows: number; lost: number; fill: number; lagSeconds: number };
  /** How many processes share the limits: at least 1. */
  liveProcesses(): number;
  /** False from 80 % of SPOOL_MAX_BYTES on: send this process no more traffic while it cannot ship. */
  isReady(): boolean;
  /** Ships what is recorded (trying for 10 s) and signs off. Call it when nothing is recorded any more, before the pools close. */
  close(): Promise<void>;
}

const readyBelowFill = 0.8;
const closeTimeoutMs = 10_000;

/** Opens the recording and shipping of usage, and this process's heartbeat. */
export function openUsage({ env, postgres, logger, bootId }: UsageOptions): OpenUsage {
  const folder = spoolFolderOf(env.DATA_DIR);
  const onError = (error: unknown, what: string) => logger.error({ err: error }, what);
  const writer = openSpoolWriter({ folder, bootId, bytesMax: env.SPOOL_MAX_BYTES, onError });
  const { record, countRefusal, flush, lost, rows } = openRecorder({ writer });
  const openedAtMs = Date.now();
  const shipper = openShipper({ pool: postgres.platform, folder, bootId, writer, flush, onError });
  const heartbeat = openHeartbeat({
    pool: postgres.platform,
    bootId,
    roles: env.ROLES,
    shippedUntil: shipper.shippedUntil,
    onError: (error) => onError(error, "the heartbeat could not be written"),
  });
  return {
    recorder: { record, countRefusal, accepts: writer.accepts, shipped: shipper.shipped },
    figures: () => ({
      rows: rows(),
      shippedRows: shipper.shippedRows(),
      lost: lost(),
      fill: writer.fill(),
      lagSeconds: Math.max(0, Date.now() - (shipper.shippedUntil()?.getTime() ?? openedAtMs)) / 1_000,
    }),
    liveProcesses: heartbeat.liveProcesses,
    isReady: () => writer.accepts() && writer.fill() < readyBelowFill,
    async close() {
      flush();
      writer.close();
      await shipper.close(closeTimeoutMs);
      await heartbeat.close();
    },
  };
}
