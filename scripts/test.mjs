import { handOver, installPackages } from "./install.mjs";

await installPackages();
handOver("scripts/run-tests.ts", process.argv.slice(2));
