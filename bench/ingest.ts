import { rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { startPostgres } from "#dev/postgres";
import { openRecorder } from "#gateway/spool/open-recorder";
import { removeFile, shipFile } from "#gateway/spool/ship-file";
import { listFiles } from "#gateway/spool/spool-folder";
import { openSpoolWriter } from "#gateway/spool/spool-writer";
import { encodeUsageRow, type UsageEvent, usageColumns } from "#lib/usage/event";
import { migrate } from "#prisma/migrate";
import { temporaryDataFolder } from "#test/folders";
import { openTestPostgres } from "#test/usage-database";
import { usageEvent } from "#test/usage-events";
import { report } from "./report.ts";

/**
 * P7: rows a second from the spool into partitions, indexes and sums, divided by the rows a second of COPY of the same rows into a
 * bare table (the mean of before and after), in one run on one server; and what a row costs this process, in microseconds of CPU:
 * `record` on the way of a request, `ship` behind it. Prints one JSON line: the median of five rounds.
 */
const rowCount = Number(process.env.ROWS ?? 150_000);
const dataDir = temporaryDataFolder();
const server = await startPostgres({ dataDir });
await migrate(server.url);
const { app, platform } = openTestPostgres(server.url);
try {
  const rounds = [];
  for (let round = 1; round <= 5; round++) rounds.push(await measure(`boot_${round}`));
  const median = rounds.toSorted((a, b) => a.ratio - b.ratio)[2];
  report({
    ...{ id: "P7", what: "usage ingestion with sums, rows/s ÷ COPY of the same rows into a bare table", unit: "×" },
    ...{ figure: median?.ratio ?? Number.NaN, must: { atLeast: 0.3 }, moonshot: { atLeast: 0.7 } },
    detail: { rows: rowCount, ...median },
  });
} finally {
  await Promise.all([app.end(), platform.end()]);
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function measure(bootId: string) {
  const events = Array.from({ length: rowCount }, (_, index) => call(index));
  const rows = Buffer.from(events.map(encodeUsageRow).join(""));
  const before = await cost(() => copyBare(rows));
  const folder = join(dataDir, "spool");
  const writer = openSpoolWriter({
    folder,
    bootId,
    bytesMax: 4 * 1024 ** 3,
    onError: (error) => process.stderr.write(`${error}\n`),
  });
  const recorder = openRecorder({ writer });
  const record = await cost(() => {
    for (const [index, event] of events.entries()) {
      void recorder.record(event);
      if (index % 32 === 0) recorder.flush();
    }
    recorder.flush();
  });
  writer.close();
  const source = { pool: platform, folder, bootId };
  const ship = await cost(async () => {
    for (const { file } of listFiles(folder, bootId)) {
      await shipFile(source, file);
      await removeFile(source, file);
    }
  });
  const bareSeconds = (before.seconds + (await cost(() => copyBare(rows))).seconds) / 2;
  return {
    rows_per_second: Math.round(rowCount / ship.seconds),
    bare_copy_rows_per_second: Math.round(rowCount / bareSeconds),
    ratio: Number((bareSeconds / ship.seconds).toFixed(3)),
    cpu_us_per_row: { record: record.cpuUs, ship: ship.cpuUs },
  };
}

async function copyBare(rows: Buffer): Promise<void> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  const columns = usageColumns.join(", ");
  await client.query(
    `DROP TABLE IF EXISTS bare; CREATE TABLE bare AS SELECT ${columns} FROM usage_events WITH NO DATA`,
  );
  await pipeline(Readable.from(pieces(rows)), client.query(copyFrom(`COPY bare (${columns}) FROM STDIN`)));
  await client.end();
}

/** As psql reads a file; one piece of all would cost this client more than the server. */
function* pieces(rows: Buffer): Generator<Buffer> {
  const pieceBytes = 64 * 1024;
  for (let from = 0; from < rows.length; from += pieceBytes) yield rows.subarray(from, from + pieceBytes);
}

/** 1,000 keys of 200 accounts on ten routes, within some minutes. */
function call(index: number): UsageEvent {
  return usageEvent({
    occurredAtMs: Date.now() - (rowCount - index) * 2,
    accountId: `acct_${String(index % 200).padStart(22, "0")}`,
    apiKeyId: `key_${String(index % 1_000).padStart(22, "0")}`,
    endpoint: `/api/v1/resources/${index % 10}/{id}`,
    path: `/api/v1/resources/${index % 10}/${index}`,
    requestId: `req_${Math.random().toString(36).slice(2)}${index}`,
    latencyUs: Math.round(1_000 + Math.random() * 50_000),
    userAgent: "Mozilla/5.0 (X11; Linux x64) portico-bench/1.0",
    isManagement: false,
    trace: [100, 1, 201, 4, 300, 400, 500, 59, 60, 60, 600, 800, 200],
  });
}

async function cost(work: () => Promise<void> | void): Promise<{ seconds: number; cpuUs: number }> {
  const started = performance.now();
  const cpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return {
    seconds: (performance.now() - started) / 1_000,
    cpuUs: Number(((user + system) / rowCount).toFixed(2)),
  };
}
