import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type AppendFile, type AppendFileOptions, createAppendFile } from "#gateway/spool/append-file";
import { spoolFile, spoolSize } from "#gateway/spool/spool-folder";

export interface SpoolWriterOptions extends AppendFileOptions {
  folder: string;
  bootId: string;
  /** SPOOL_MAX_BYTES: the size on disk, of all spools of this folder, beyond which nothing is written. */
  bytesMax: number;
  /** A monotonic clock, milliseconds. */
  clockMs?: () => number;
}

/** Appends batches to the spool of this boot: durable against kill -9 when `append` returns. */
export interface SpoolWriter {
  /** One write. False when there is no room: then nothing of it counts. */
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
const retryAfterMs = 250;
/** After a pause this long (a stopped process, a sleeping machine) somebody may have taken us for dead and removed the file. */
const pausedAfterMs = 1_000;

/** Opens the writer of this boot. The first file is made by the first write. */
export function openSpoolWriter(options: SpoolWriterOptions): SpoolWriter {
  const { folder, bootId, bytesMax, onError, clockMs = () => performance.now() } = options;
  const rotateAt = Math.min(fileBytesMax, bytesMax / 4);
  let current: AppendFile | undefined;
  let filesMade = 0;
  let bytesOnDisk = spoolSize(folder);
  let fullUntilMs = 0;
  let wroteAtMs = 0;

  const nextFile = (): AppendFile => {
    mkdirSync(join(folder, bootId), { recursive: true });
    filesMade += 1;
    return createAppendFile(spoolFile(folder, bootId, filesMade), options);
  };
  const finish = (): void => {
    current?.close();
    current = undefined;
  };
  const isWritten = (batches: Buffer): boolean => {
    try {
      if (clockMs() - wroteAtMs > pausedAfterMs && current?.isRemoved()) finish();
      current ??= nextFile();
      const outcome = current.append(batches);
      if (outcome === "torn") finish(); // readers stop at a torn batch, so nothing may follow it
      return outcome === "written";
    } catch (error) {
      onError(error, "a spool file could not be created");
      return false;
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
      if (current && current.length() >= rotateAt) finish();
      return true;
    },
    accepts: () => clockMs() >= fullUntilMs,
    fill: () => bytesOnDisk / bytesMax,
    measure: () => {
      bytesOnDisk = spoolSize(folder);
    },
    position: () => ({ file: filesMade, length: current?.length() ?? 0, isFinished: current === undefined }),
    close: finish,
  };
}
