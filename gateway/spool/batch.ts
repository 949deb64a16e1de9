import { crc32 } from "node:zlib";

/**
 * A spool file is batches end to end: a mark, the body's length in bytes, a space, its CRC-32 and a newline, then the body.
 * The mark says what the body's lines are and in which version of their columns.
 */
export const batchMarks = {
  /** Rows of `usage_events` in the text form of COPY (lib/usage/event.ts). */
  "#": "rows",
  /** Counts without rows: a number, a tab, and what it is counted under. */
  "+": "counts",
} as const;

export type BatchMark = keyof typeof batchMarks;

export interface Batch {
  kind: (typeof batchMarks)[BatchMark];
  body: Buffer;
}

const headerLengthMax = 32;
const headerPattern = /^([#+])(\d{1,12}) ([0-9a-f]{8})$/;

/** Puts a header before some lines. Lone surrogates, which UTF-8 cannot hold, become U+FFFD here. */
export function frameBatch(mark: BatchMark, lines: string): Buffer {
  const bodyLength = Buffer.byteLength(lines);
  const frame = Buffer.allocUnsafe(headerLengthMax + bodyLength);
  frame.write(lines, headerLengthMax);
  const body = frame.subarray(headerLengthMax, headerLengthMax + bodyLength);
  const header = `${mark}${bodyLength} ${crc32(body).toString(16).padStart(8, "0")}\n`;
  const start = headerLengthMax - header.length;
  frame.write(header, start, "latin1");
  return frame.subarray(start);
}

/**
 * Reads the whole batches at the start of some bytes. `length` is where they end; `needed` how many bytes the next batch takes
 * when it looks cut off (at least one more than given), or null when what follows is no batch: a torn write, or the end.
 */
export function readBatches(bytes: Buffer): { batches: Batch[]; length: number; needed: number | null } {
  const batches: Batch[] = [];
  let length = 0;
  while (length < bytes.length) {
    const newline = bytes.indexOf(10, length);
    const isHeaderCut = newline === -1 && bytes.length - length < headerLengthMax;
    if (isHeaderCut) return { batches, length, needed: headerLengthMax };
    const [, mark, size, checksum] =
      headerPattern.exec(bytes.toString("latin1", length, Math.min(newline, length + headerLengthMax))) ?? [];
    if (mark === undefined) break;
    const end = newline + 1 + Number(size);
    if (end > bytes.length) return { batches, length, needed: end - length };
    const body = bytes.subarray(newline + 1, end);
    if (crc32(body) !== Number.parseInt(checksum ?? "", 16)) break;
    batches.push({ kind: batchMarks[mark as BatchMark], body });
    length = end;
  }
  return { batches, length, needed: null };
}

const headerAnywhere = /[#+]\d{1,12} [0-9a-f]{8}\n/g;

/** Where the first whole batch begins among some bytes; null when there is none, as in what a torn write leaves. */
export function findBatch(bytes: Buffer): number | null {
  for (const { index } of bytes.toString("latin1").matchAll(headerAnywhere)) {
    if (readBatches(bytes.subarray(index)).length > 0) return index;
  }
  return null;
}
