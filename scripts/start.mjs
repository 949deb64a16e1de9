import { handOver, installPackages } from "./install.mjs";

await installPackages();
handOver("dev/stack.ts", process.argv.slice(2));
