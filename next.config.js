import { existsSync, writeFileSync } from "node:fs";

// Next writes each build folder it meets into the TypeScript configuration it is given; ours is kept as it is.
const ownTypeScriptConfig = "tsconfig.next.json";
if (!existsSync(ownTypeScriptConfig)) writeFileSync(ownTypeScriptConfig, '{ "extends": "./tsconfig.json" }\n');

/** @type {import("next").NextConfig} */
const config = {
  // Two instances of one checkout (tests beside development) must not share a build folder.
  distDir: process.env.NEXT_DIST_DIR ?? ".next",
  reactStrictMode: true,
  devIndicators: false,
  poweredByHeader: false,
  // gateway/aliases.ts owns trailing slashes: a redirect would lose the body of a POST.
  skipTrailingSlashRedirect: true,
  images: { unoptimized: true },
  // `npm run validate` checks types; checking them again would double the time of a first start.
  typescript: { ignoreBuildErrors: true, tsconfigPath: ownTypeScriptConfig },
  // Loaded from node_modules by every copy of our modules, so that the runtime object holds one class of each.
  serverExternalPackages: ["pg", "ioredis", "pino", "@prisma/client", "@prisma/adapter-pg", "@node-rs/argon2"],
};

export default config;
