import { errorCatalogue } from "#lib/core/errors";

/** docs/errors.md: the catalogue as a table, by status. */
export function errorCatalogueMarkdown(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([code, { status, title, help }]) => `| ${status} | \`${code}\` | ${title} | ${help} |`,
  );
  return [
    "# Error codes",
    "",
    "Made by `npm run docs:errors` from `lib/core/errors.ts`; do not edit. Every refusal is `application/problem+json` (RFC 9457) with one of these in `error_code`.",
    "",
    "| status | error_code | title | what to do |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
