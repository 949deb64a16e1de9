import { openShipper } from "#gateway/spool/open-shipper";
import { spoolFolderOf } from "#gateway/spool/spool-folder";
import { openSpoolWriter } from "#gateway/spool/spool-writer";
import { openTestPostgres } from "#test/usage-database";

/** Ships whatever dead processes left in a data folder, until it is killed. */
const [dataDir = "", databaseUrl = "", bootId = ""] = process.argv.slice(2);
const folder = spoolFolderOf(dataDir);
const onError = (): void => {};
const writer = openSpoolWriter({ folder, bootId, bytesMax: 1024 ** 3, onError });
const { platform } = openTestPostgres(databaseUrl);
openShipper({
  pool: platform,
  folder,
  bootId,
  writer,
  flush: () => {},
  onError,
  adoptionIntervalMs: 20,
  deadAfterMs: 50,
});
process.stdout.write("ready\n");
