import { type FileHandle, open, rename, unlink } from "node:fs/promises";
import type { Pool } from "pg";
import { findBatch, readBatches } from "#gateway/spool/batch";
import { type Piece, readShipped, shipStretch } from "#gateway/spool/ship-stretch";
import { spoolFile, tornFile } from "#gateway/spool/spool-folder";

export interface SpoolSource {
  pool: Pool;
  folder: string;
  bootId: string;
  /** Told how many rows were brought into PostgreSQL, each time some were. */
  onShipped?: ((rows: number) => void) | undefined;
  /** The most bytes of one transaction, as far as batches allow: about 100,000 rows by default. */
  stretchBytes?: number | undefined;
}

const stretchBytesDefault = 32 * 1024 ** 2;
/** A transaction takes no more pieces after this long, however slow the database is. */
const stretchMs = 2_000;

/**
 * Ships a spool file from where it was left to its last whole batch. Returns where that is; what follows is a torn write, or
 * not yet written. Safe to run from any number of processes at once.
 */
export async function shipFile(source: SpoolSource, file: number): Promise<number> {
  const { pool, folder, bootId, stretchBytes = stretchBytesDefault } = source;
  const handle = await openIfThere(spoolFile(folder, bootId, file));
  if (!handle) return 0;
  try {
    const stats = await handle.stat();
    const begunAtMs = stats.birthtimeMs > 0 ? stats.birthtimeMs : stats.ctimeMs;
    let from = await readShipped(pool, bootId, file);
    for (;;) {
      const first = await readPiece(handle, from);
      if (!first) return from;
      const pieces = readPieces(handle, first, from + stretchBytes);
      const shipped = await shipStretch(pool, { bootId, file, from, begunAtMs }, pieces);
      if (shipped) source.onShipped?.(shipped.rows);
      from = shipped ? shipped.to : await readShipped(pool, bootId, file);
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

/** Small, for what is done with one holds up the requests that this process serves meanwhile. */
const pieceBytes = 128 * 1024;

/** The pieces of a stretch: the more the further behind we are, as far as bytes and time of one transaction go. */
async function* readPieces(handle: FileHandle, first: Piece, bytesEnd: number): AsyncGenerator<Piece> {
  const startedAtMs = performance.now();
  let piece: Piece | undefined = first;
  while (piece) {
    yield piece;
    const isEnough: boolean = piece.end >= bytesEnd || performance.now() - startedAtMs > stretchMs;
    piece = isEnough ? undefined : await readPiece(handle, piece.end);
  }
}

/** The whole batches at an offset, at least one of them; nothing when there is none. */
async function readPiece(handle: FileHandle, offset: number): Promise<Piece | undefined> {
  const read = readBatches(await readAt(handle, offset, pieceBytes));
  if (read.batches.length > 0) return { batches: read.batches, end: offset + read.length };
  if (read.needed === null || read.needed <= pieceBytes) return undefined;
  const { size } = await handle.stat();
  if (read.needed > size - offset) return undefined;
  const { batches, length } = readBatches(await readAt(handle, offset, read.needed));
  return batches.length > 0 ? { batches, end: offset + length } : undefined;
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
