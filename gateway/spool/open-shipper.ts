import { rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import { watchBoots } from "#gateway/spool/dead-boots";
import { repeat } from "#gateway/spool/repeat";
import { removeFile, type SpoolSource, shipFile } from "#gateway/spool/ship-file";
import { listFiles } from "#gateway/spool/spool-folder";
import type { SpoolWriter } from "#gateway/spool/spool-writer";
import { foldMinutes } from "#lib/usage/fold-minutes";

export interface ShipperOptions {
  pool: Pool;
  folder: string;
  bootId: string;
  writer: SpoolWriter;
  /** Brings out what is still held in memory; run before each pass. */
  flush: () => void;
  onError: (error: unknown, what: string) => void;
  intervalMs?: number;
  adoptionIntervalMs?: number;
  deadAfterMs?: number;
  stretchBytes?: number;
}

export interface Shipper {
  /** Resolves when what is written now has reached PostgreSQL, or after `timeoutMs`. */
  shipped(timeoutMs: number): Promise<void>;
  /** Every event of this process before this moment is in PostgreSQL; null before the first pass. */
  shippedUntil(): Date | null;
  /** Rows this process brought into PostgreSQL, of dead processes' spools too. */
  shippedRows(): number;
  /** Once nothing is written any more: ships what is left, trying for `timeoutMs`. False when some is left for the next start. */
  close(timeoutMs: number): Promise<boolean>;
}

const pauseMaxMs = 5_000;
const foldIntervalMs = 15_000;
/** With so many rows a pass is worth more: each writes as many sums as there were keys and routes, however many rows. */
const busyRows = 500;
const busyIntervalMs = 800; // what one process records, others see within a second
const floodRows = 4_000;
const floodIntervalMs = 2_500; // … and within three when it is thousands of calls a second

/**
 * Ships this boot's spool every `intervalMs`, or sooner when asked, and looks for spools of dead boots every `adoptionIntervalMs`. While PostgreSQL
 * is away the spool grows and we keep trying.
 */
export function openShipper(options: ShipperOptions): Shipper {
  const {
    pool,
    folder,
    bootId,
    stretchBytes,
    onError,
    flush,
    intervalMs = 250,
    adoptionIntervalMs = 1_000,
    deadAfterMs = 10_000,
  } = options;
  let shippedUntil: Date | null = null;
  let shippedRows = 0;
  const onShipped = (rows: number): void => {
    shippedRows += rows;
  };
  let rowsOfPass = 0;
  const shipOwn = ownShipper({ ...options, onShipped });
  const shipping = repeat(
    async () => {
      const startedAt = new Date();
      const before = shippedRows;
      flush();
      await shipOwn();
      rowsOfPass = shippedRows - before;
      shippedUntil = startedAt;
    },
    {
      intervalMs: () => Math.max(intervalMs, pauseFor(rowsOfPass)),
      pauseMaxMs,
      onError: (error) => onError(error, "usage could not be shipped; it stays in the spool"),
    },
  );
  const findDeadBoots = watchBoots({ pool, folder, bootId, deadAfterMs });
  const adoption = repeat(
    async () => {
      options.writer.measure();
      for (const boot of await findDeadBoots())
        await shipWholeBoot({ pool, folder, bootId: boot, stretchBytes, onShipped }, onError);
    },
    {
      intervalMs: () => adoptionIntervalMs,
      pauseMaxMs,
      onError: (error) => onError(error, "the spool of a dead process could not be shipped"),
    },
  );
  const folding = repeat(async () => void (await foldMinutes(pool)), {
    intervalMs: () => foldIntervalMs,
    pauseMaxMs: foldIntervalMs,
    onError: (error) =>
      onError(error, "minutes could not be added to their hours; they are added up when they are read"),
  });
  return {
    shipped: shipping.soon,
    shippedUntil: () => shippedUntil,
    shippedRows: () => shippedRows,
    async close(timeoutMs) {
      await Promise.all([shipping.stop(), adoption.stop(), folding.stop()]);
      return shipLast({ pool, folder, bootId, stretchBytes, onShipped }, timeoutMs, onError);
    },
  };
}

function pauseFor(rows: number): number {
  if (rows < busyRows) return 0;
  return rows < floodRows ? busyIntervalMs : floodIntervalMs;
}

/** Ships what this boot wrote since the last time, and removes the files it has finished. */
function ownShipper(options: ShipperOptions & Pick<SpoolSource, "onShipped">): () => Promise<void> {
  const { folder, bootId, writer, onError } = options;
  const source: SpoolSource = options;
  let done = writer.position();
  return async () => {
    const position = writer.position();
    if (position.file === done.file && position.length === done.length) return;
    let shippedTo = 0;
    for (const { file } of listFiles(folder, bootId)) {
      shippedTo = await shipFile(source, file);
      if (file < position.file || position.isFinished) await removeShipped(source, file, onError);
    }
    done = position.isFinished ? position : { ...position, length: shippedTo };
  };
}

/** Ships all of a boot that writes no more, and removes its folder. */
async function shipWholeBoot(source: SpoolSource, onError: ShipperOptions["onError"]): Promise<void> {
  for (const { file } of listFiles(source.folder, source.bootId)) {
    await shipFile(source, file);
    await removeShipped(source, file, onError);
  }
  // Not empty: it was only asleep, and writes again.
  await rmdir(join(source.folder, source.bootId)).catch(() => {});
}

async function removeShipped(source: SpoolSource, file: number, onError: ShipperOptions["onError"]): Promise<void> {
  const damaged = await removeFile(source, file);
  if (!damaged) return;
  const { path, shippedBytes, leftBytes } = damaged;
  onError(
    new Error(`${path}: the ${leftBytes} bytes behind the first ${shippedBytes} are not shipped.`),
    "a spool file is damaged in the middle; it is kept aside",
  );
}

async function shipLast(source: SpoolSource, timeoutMs: number, onError: ShipperOptions["onError"]): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      await shipWholeBoot(source, onError);
      return true;
    } catch (error) {
      if (performance.now() < deadline) await sleep(250);
      else {
        onError(error, "usage is left in the spool; the next start ships it");
        return false;
      }
    }
  }
}
