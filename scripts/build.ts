import { ensurePrismaClient, nextBuild } from "#dev/build";

/** `npm run build`: the pages for `npm run serve`, into NEXT_DIST_DIR or `.next`. */
const { signal } = new AbortController();
const log = (line: string) => void process.stdout.write(`${line}\n`);
try {
  await ensurePrismaClient({ log, signal });
  log("Building the pages …");
  await nextBuild(process.env.NEXT_DIST_DIR || ".next", signal);
  log("Built.");
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
