import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";

/** Preloaded into a program: writes the address of every module it loads to the file MODULES_FILE, one a line. */
registerHooks({
  load(url, context, nextLoad) {
    appendFileSync(process.env.MODULES_FILE ?? "", `${url}\n`);
    return nextLoad(url, context);
  },
});
