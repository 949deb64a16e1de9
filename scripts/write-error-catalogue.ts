import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorCatalogueMarkdown } from "#lib/core/error-catalogue-markdown";

// npm run docs:errors: docs/errors.md from the one table in lib/core/errors.ts. A test fails when it was forgotten.
writeFileSync(join(import.meta.dirname, "../docs/errors.md"), errorCatalogueMarkdown());
