import { closeSync, existsSync, fdatasync, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";

export interface AppendFileOptions {
  onError: (error: unknown, what: string) => void;
  /** Returns how many bytes it took, as fs.writeSync does: fewer than given when the disk is full. */
  write?: ((descriptor: number, bytes: Buffer) => number) | undefined;
}

/** A file that grows by whole writes. */
export interface AppendFile {
  length(): number;
  /** `full`: nothing of it is in the file. `torn`: a part of it is, and cannot be taken back; the file is to be left. */
  append(bytes: Buffer): "written" | "full" | "torn";
  /** Whether somebody removed the file, or moved it aside, while we had it open. */
  isRemoved(): boolean;
  /** Syncs and closes, off this turn. */
  close(): void;
}

const syncIntervalMs = 100;

/** Creates a file. What is appended survives kill -9 at once, and a loss of power at most 100 ms later. */
export function createAppendFile(path: string, { onError, write = writeSync }: AppendFileOptions): AppendFile {
  const descriptor = openSync(path, "ax", 0o600);
  syncFolder(dirname(path));
  let length = 0;
  let syncTimer: NodeJS.Timeout | undefined;

  const reportSync = (error: Error | null): void => {
    if (error) onError(error, "the spool could not be synced");
  };
  const syncSoon = (): void => {
    syncTimer ??= setTimeout(() => {
      syncTimer = undefined;
      fdatasync(descriptor, reportSync);
    }, syncIntervalMs).unref();
  };
  const isWhole = (bytes: Buffer): boolean => {
    try {
      return write(descriptor, bytes) === bytes.length;
    } catch (error) {
      onError(error, "the spool could not be written");
      return false;
    }
  };
  /** A full disk takes a part of a write without an error. */
  const takeBack = (): "full" | "torn" => {
    try {
      ftruncateSync(descriptor, length);
      return "full";
    } catch (error) {
      onError(error, "the spool could not be truncated");
      return "torn";
    }
  };

  return {
    length: () => length,
    append(bytes) {
      if (!isWhole(bytes)) return takeBack();
      length += bytes.length;
      syncSoon();
      return "written";
    },
    isRemoved: () => !existsSync(path),
    close() {
      clearTimeout(syncTimer);
      fdatasync(descriptor, (error) => {
        reportSync(error);
        closeSync(descriptor);
      });
    },
  };
}

/** A new file's name is durable once its folder is. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}
