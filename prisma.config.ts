import { defineConfig } from "prisma/config";

// The CLI downloads a schema engine unless it is told where one is; `generate`, `validate` and `format` never run it.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({ schema: "prisma" });
