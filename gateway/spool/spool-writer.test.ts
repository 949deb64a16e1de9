import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readBatches } from "#gateway/spool/batch";
import { openRecorder } from "#gateway/spool/open-recorder";
import { listFiles, spoolFile } from "#gateway/spool/spool-folder";
import { openSpoolWriter, type SpoolWriter, type SpoolWriterOptions } from "#gateway/spool/spool-writer";
import { decodeUsageRow } from "#lib/usage/event";
import { usageEvent } from "#test/usage-events";

let folder: string;
let writer: SpoolWriter | undefined;
let nowMs = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portico-spool-"));
  nowMs = 0;
});

afterEach(() => {
  writer?.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(options: Partial<SpoolWriterOptions> = {}) {
  const onError = () => {};
  writer = openSpoolWriter({
    folder,
    bootId: "boot_test",
    bytesMax: 1024 ** 2,
    onError,
    clockMs: () => nowMs,
    ...options,
  });
  return { writer, recorder: openRecorder({ writer, sampledPerSecond: 2, clockMs: () => nowMs }) };
}

function batchesOnDisk() {
  return listFiles(folder, "boot_test").flatMap(
    ({ file }) => readBatches(readFileSync(spoolFile(folder, "boot_test", file))).batches,
  );
}

const requestIdsOnDisk = () =>
  batchesOnDisk()
    .filter(({ kind }) => kind === "rows")
    .flatMap(({ body }) => body.toString().trimEnd().split("\n"))
    .map((row) => decodeUsageRow(row).request_id);

const countsOnDisk = () =>
  batchesOnDisk()
    .filter(({ kind }) => kind === "counts")
    .flatMap(({ body }) => body.toString().trimEnd().split("\n"))
    .map((line) => Number(line.split("\t")[0]));

/** Takes as many bytes as there is room for, as a full disk does: without an error. */
function smallDisk(room: { bytes: number }) {
  return (descriptor: number, bytes: Buffer) => {
    const taken = writeSync(descriptor, bytes.subarray(0, Math.min(bytes.length, room.bytes)));
    room.bytes -= taken;
    return taken;
  };
}

test("all requests of one turn share one write, done before any of them is told", async () => {
  let writes = 0;
  const { recorder } = open({
    write: (descriptor, bytes) => {
      writes += 1;
      return writeSync(descriptor, bytes);
    },
  });
  const events = Array.from({ length: 50 }, (_, index) => usageEvent({ requestId: `req_${index}` }));
  const first = recorder.record(usageEvent({ requestId: "req_first" }));
  const others = events.map((event) => recorder.record(event));
  expect(await first).toBe("kept");
  expect(requestIdsOnDisk()).toHaveLength(51);
  await Promise.all(others);
  expect(writes).toBe(1);
});

test("of the refusals of strangers some become rows and the rest one count a turn", async () => {
  const { recorder } = open();
  const refusals = Array.from({ length: 40 }, () => recorder.countRefusal(usageEvent({ status: 401, apiKeyId: null })));
  const results = await Promise.all(refusals);
  expect(results.filter((result) => result === "kept")).toHaveLength(2);
  expect(results.filter((result) => result === "counted")).toHaveLength(38);
  expect([requestIdsOnDisk().length, countsOnDisk()]).toEqual([2, [38]]);
});

test("a write the disk took a part of is taken back, and everything before it is kept", async () => {
  const room = { bytes: 700 };
  const { writer: full, recorder } = open({ write: smallDisk(room) });
  expect(await recorder.record(usageEvent({ requestId: "req_fits" }))).toBe("kept");
  const before = listFiles(folder, "boot_test");
  expect(await recorder.record(usageEvent({ path: `/${"x".repeat(1_000)}` }))).toBe("dropped");
  expect(listFiles(folder, "boot_test")).toEqual(before);
  expect(full.accepts()).toBe(false);
});

test("what found no room is counted as soon as there is room again", async () => {
  const room = { bytes: 0 };
  const { writer: full, recorder } = open({ write: smallDisk(room) });
  expect(await Promise.all([recorder.record(usageEvent()), recorder.record(usageEvent())])).toEqual([
    "dropped",
    "dropped",
  ]);
  room.bytes = 1_000_000;
  nowMs += 1_000;
  expect(full.accepts()).toBe(true);
  expect(await recorder.record(usageEvent({ requestId: "req_after" }))).toBe("kept");
  expect([requestIdsOnDisk(), countsOnDisk()]).toEqual([["req_after"], [2]]);
});

test("beyond its bound the spool takes nothing, and what was removed makes room", async () => {
  const { writer: bounded, recorder } = open({ bytesMax: 4_000 });
  const results = [];
  for (let index = 0; index < 40; index++)
    results.push(await recorder.record(usageEvent({ requestId: `req_${index}` })));
  const kept = results.filter((result) => result === "kept").length;
  expect(kept).toBeGreaterThan(5);
  expect(kept).toBe(requestIdsOnDisk().length);
  expect(bounded.fill()).toBeGreaterThan(0.8);
  expect(listFiles(folder, "boot_test").length).toBeGreaterThan(1);

  rmSync(join(folder, "boot_test"), { recursive: true });
  bounded.measure();
  nowMs += 10_000;
  expect(await recorder.record(usageEvent({ requestId: "req_after" }))).toBe("kept");
  expect(requestIdsOnDisk()).toEqual(["req_after"]);
});

test("a process that was stopped so long that its file was shipped and removed goes on in a new one", async () => {
  const { recorder } = open();
  await recorder.record(usageEvent({ requestId: "req_before" }));
  rmSync(join(folder, "boot_test"), { recursive: true });
  nowMs += 60_000;
  expect(await recorder.record(usageEvent({ requestId: "req_after" }))).toBe("kept");
  expect(readdirSync(join(folder, "boot_test"))).toEqual(["2.log"]);
  expect(requestIdsOnDisk()).toEqual(["req_after"]);
});

test("an unusable folder is a full spool, not a failed request", async () => {
  writeFileSync(join(folder, "boot_test"), "in the way");
  const { recorder } = open();
  expect(await recorder.record(usageEvent())).toBe("dropped");
});
