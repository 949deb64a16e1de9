import { closeSync, fdatasync, fdatasyncSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { spoolFile, spoolSize } from "#gateway/spool/spool-folder";

export interface SpoolWriterOptions {
  folder: string;
  bootId: string;
  /** SPOOL_MAX_BYTES: the size on disk, of all spools of this folder, beyond which nothing is written. */
  bytesMax: number;
  onError: (error: unknown, what: string) => void;
  /** Returns how many bytes it took, as fs.writeSync does: fewer than given when the disk is full. */
  write?: (descriptor: number, bytes: Buffer) => number;
  /** A monotonic clock, milliseconds. */
  clockMs?: () => number;
}

/** Appends batches to the spool of this boot. Durable against kill -9 when `append` returns, against power loss 100 ms later. */
export interface SpoolWriter {
  /** One write. False when there is no room: then nothing of it is in the file. */
  append(batches: Buffer): boolean;
  /** False for a moment after a write found no room. */
  accepts(): boolean;
  /** Of SPOOL_MAX_BYTES, how much is taken: 0 to 1. */
  fill(): number;
  /** Looks again how much room there is, after files were removed. */
  measure(): void;
  /** The end of what was written. File 0: nothing yet. A finished file is not written to any more. */
  position(): { file: number; length: number; isFinished: boolean };
  close(): void;
}

const fileBytesMax = 64 * 1024 ** 2;
const syncIntervalMs = 100;
const retryAfterMs = 250;
/** After a pause this long (a stopped process, a sleeping machine) somebody may have taken us for dead and removed the file. */
const pausedAfterMs = 1_000;

interface OpenFile {
  file: number;
  descriptor: number;
  length: number;
}

/** Opens the writer of this boot. The first file is made by the first write. */
export function openSpoolWriter(options: SpoolWriterOptions): SpoolWriter {
  const { folder, bootId, bytesMax, onError, write = writeSync, clockMs = () => performance.now() } = options;
  const rotateAt = Math.min(fileBytesMax, bytesMax / 4);
  let current: OpenFile | undefined;
  let filesMade = 0;
  let bytesOnDisk = spoolSize(folder);
  let fullUntilMs = 0;
  let wroteAtMs = 0;
  let syncTimer: NodeJS.Timeout | undefined;

  const openNext = (): OpenFile => {
    mkdirSync(join(folder, bootId), { recursive: true });
    filesMade += 1;
    const descriptor = openSync(spoolFile(folder, bootId, filesMade), "ax", 0o600);
    syncFolder(join(folder, bootId));
    return { file: filesMade, descriptor, length: 0 };
  };

  const retire = (): void => {
    const old = current;
    current = undefined;
    if (old) fdatasync(old.descriptor, (error) => {
      if (error) onError(error, "a spool file could not be synced");
      closeSync(old.descriptor);
    });
  };

  const syncSoon = (): void => {
    syncTimer ??= setTimeout(() => {
      syncTimer = undefined;
      const synced = current;
      if (synced) fdatasync(synced.descriptor, (error) => {
        // A file that was retired meanwhile is closed, and was synced for that.
        if (error && current === synced) onError(error, "the spool could not be synced");
      });
    }, syncIntervalMs).unref();
  };

  const isWritten = (batches: Buffer): boolean => {
    try {
      if (current && clockMs() - wroteAtMs > pausedAfterMs && fstatSync(current.descriptor).nlink === 0) retire();
      current ??= openNext();
      if (write(current.descriptor, batches) === batches.length) return true;
    } catch (error) {
      onError(error, "the spool could not be written");
    }
    if (current) takeBack(current);
    return false;
  };

  /** A full disk takes a part of a write without an error. What cannot be cut off ends its file: readers stop at a torn batch. */
  const takeBack = (open: OpenFile): void => {
    try {
      ftruncateSync(open.descriptor, open.length);
    } catch (error) {
      onError(error, "the spool could not be truncated");
      retire();
    }
  };

  return {
    append(batches) {
      if (clockMs() < fullUntilMs) return false;
      if (bytesOnDisk + batches.length > bytesMax || !isWritten(batches)) {
        fullUntilMs = clockMs() + retryAfterMs;
        return false;
      }
      wroteAtMs = clockMs();
      bytesOnDisk += batches.length;
      if (current) current.length += batches.length;
      syncSoon();
      if (current && current.length >= rotateAt) retire();
      return true;
    },
    accepts: () => clockMs() >= fullUntilMs,
    fill: () => bytesOnDisk / bytesMax,
    measure: () => {
      bytesOnDisk = spoolSize(folder);
    },
    position: () => ({ file: filesMade, length: current?.length ?? 0, isFinished: current === undefined }),
    close: () => {
      clearTimeout(syncTimer);
      if (!current) return;
      fdatasyncSync(current.descriptor);
      closeSync(current.descriptor);
      current = undefined;
    },
  };
}

/** A new file's name is durable once its folder is. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}
