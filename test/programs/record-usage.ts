import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { openUsage } from "#gateway/spool/open-usage";
import { openTestPostgres } from "#test/usage-database";
import { usageEvent } from "#test/usage-events";

/** Records requests, a few thousand a second, until it is killed: `sent <n>` before the n-th is recorded, `kept <n>` once its answer could end. */
const [dataDir = "", databaseUrl = "", bootId = ""] = process.argv.slice(2);
const usage = openUsage({
  env: { DATA_DIR: dataDir, SPOOL_MAX_BYTES: 1024 ** 3, ROLES: ["gateway"] },
  postgres: openTestPostgres(databaseUrl),
  logger: pino({ level: "silent" }),
  bootId,
});
for (let sent = 0; ; ) {
  const turn = Array.from({ length: 1 + Math.floor(Math.random() * 20) }, () => {
    sent += 1;
    return usageEvent({ requestId: `${bootId}:${sent}`, apiKeyId: `key_${sent % 3}` });
  });
  writeSync(1, `sent ${sent}\n`);
  const results = await Promise.all(turn.map((event) => usage.recorder.record(event)));
  if (results.every((result) => result === "kept")) writeSync(1, `kept ${sent}\n`);
  await sleep(1);
}
