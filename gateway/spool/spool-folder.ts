import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * `DATA_DIR/spool/<boot_id>/<n>.log`: each boot of a process writes into a folder of its own, in files numbered from 1, and
 * any process on the same DATA_DIR may ship them once that boot is dead.
 */
export function spoolFolderOf(dataDir: string): string {
  return join(dataDir, "spool");
}

export function spoolFile(folder: string, bootId: string, file: number): string {
  return join(folder, bootId, `${file}.log`);
}

/** Where a damaged file is kept: beside the folders, so that it is no boot's file any more and its folder can go. */
export function tornFile(folder: string, bootId: string, file: number): string {
  return join(folder, `${bootId}.${file}.torn`);
}

/** The boots that have a folder. */
export function listBoots(folder: string): string[] {
  return entriesOf(folder).filter((name) => /^boot_\w+$/.test(name));
}

export interface SpoolFile {
  file: number;
  size: number;
}

/** The files of a boot, oldest first. */
export function listFiles(folder: string, bootId: string): SpoolFile[] {
  return entriesOf(join(folder, bootId))
    .flatMap((name) => {
      const file = Number(/^(\d{1,9})\.log$/.exec(name)?.[1] ?? Number.NaN);
      const stats = Number.isNaN(file)
        ? undefined
        : statSync(spoolFile(folder, bootId, file), { throwIfNoEntry: false });
      return stats === undefined ? [] : [{ file, size: stats.size }];
    })
    .sort((a, b) => a.file - b.file);
}

/** What all spools of this folder take on disk, bytes. */
export function spoolSize(folder: string): number {
  const files = listBoots(folder).flatMap((bootId) => listFiles(folder, bootId));
  return files.reduce((sum, { size }) => sum + size, 0);
}

/** Another process may remove a folder at any moment: one that is gone is empty. */
function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}
