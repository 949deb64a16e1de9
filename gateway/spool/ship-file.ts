import { type FileHandle, open, rename, unlink } from "node:fs/promises";
import type { Pool } from "pg";
import { type Batch, findBatch, readBatches } from "#gateway/spool/batch";
import { readShipped, shipBatches } from "#gateway/spool/ship-batches";
import { spoolFile, tornFile } from "#gateway/spool/spool-folder";

export interface SpoolSource {
  pool: Pool;
  folder: string;
  bootId: string;
  /** Bytes read at once, and with them the rows of one transaction: about 25,000 by default. */
  chunkBytes?: number | undefined;
}

const chunkBytesDefault = 8 * 1024 ** 2;

/**
 * Ships a spool file from where it was left to its last whole batch. Returns where that is; what follows is a torn write, or
 * not yet written. Safe to run from any number of processes at once.
 */
export async function shipFile(source: SpoolSource, file: number): Promise<number> {
  const handle = await openIfThere(spoolFile(source.folder, source.bootId, file));
  if (!handle) return 0;
  try {
    const stats = await handle.stat();
    const begunAtMs = stats.birthtimeMs > 0 ? stats.birthtimeMs : stats.ctimeMs;
    let from = await readShipped(source.pool, source.bootId, file);
    for (;;) {
      const { batches, length } = await readChunk(handle, from, source.chunkBytes ?? chunkBytesDefault);
      if (batches.length === 0) return from;
      const to = from + length;
      const isOurs = await shipBatches(source.pool, { bootId: source.bootId, file, from, to, begunAtMs }, batches);
      from = isOurs ? to : await readShipped(source.pool, source.bootId, file);
    }
  } finally {
    await handle.close();
  }
}

/** A file that is damaged in the middle: how much of it was not shipped, and where it is kept for somebody to look at. */
export interface DamagedFile {
  path: string;
  shippedBytes: number;
  leftBytes: number;
}

/**
 * Removes a file that is written and shipped to its end; a torn write at the end goes with it. One with whole batches behind what
 * cannot be read is moved away instead, and returned. Its row is cleaned up days after the last attempt, never while the file is there.
 */
export async function removeFile(source: SpoolSource, file: number): Promise<DamagedFile | null> {
  const { rows } = await source.pool.query<{ shipped: string }>(
    "UPDATE usage_spools SET removed_at = now() WHERE boot_id = $1 AND file = $2 RETURNING shipped",
    [source.bootId, file],
  );
  const path = spoolFile(source.folder, source.bootId, file);
  const shippedBytes = Number(rows[0]?.shipped ?? 0);
  const left = await readLeft(path, shippedBytes);
  const nextBatch = findBatch(left);
  if (nextBatch === 0) return null; // not shipped to its end: who wrote it was only asleep, and wrote on
  if (nextBatch === null) {
    await orGone(unlink(path));
    return null;
  }
  const keptAt = tornFile(source.folder, source.bootId, file);
  const isOurs = await orGone(rename(path, keptAt));
  return isOurs ? { path: keptAt, shippedBytes, leftBytes: left.length } : null;
}

async function readLeft(path: string, from: number): Promise<Buffer> {
  const handle = await openIfThere(path);
  if (!handle) return Buffer.alloc(0);
  try {
    const { size } = await handle.stat();
    return await readAt(handle, from, Math.max(0, size - from));
  } finally {
    await handle.close();
  }
}

/** False when somebody else removed the file before us. */
async function orGone(removal: Promise<void>): Promise<boolean> {
  try {
    await removal;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return false;
  }
}

interface Chunk {
  batches: Batch[];
  length: number;
}

const nothing: Chunk = { batches: [], length: 0 };

/** The whole batches at an offset, at least one of them when there is one. */
async function readChunk(handle: FileHandle, offset: number, chunkBytes: number): Promise<Chunk> {
  const chunk = readBatches(await readAt(handle, offset, chunkBytes));
  if (chunk.batches.length > 0 || chunk.needed === null || chunk.needed <= chunkBytes) return chunk;
  const { size } = await handle.stat();
  return chunk.needed <= size - offset ? readBatches(await readAt(handle, offset, chunk.needed)) : nothing;
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  return open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
