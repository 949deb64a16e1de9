import { type ErrorCode, errorCatalogue } from "#lib/core/errors";
import { openApi30 } from "#lib/core/openapi-3-0";

type Json = Record<string, unknown>;

/** An API's document as the explorer shows it: in 3.0.3, and the codes of its refusals lead to what they mean. */
export function explorerDocument(document: Json): Json {
  return linkCodes(openApi30(document)) as Json;
}

/** Of an operation, `responses[status].description` is a list of codes where it is a refusal. */
function linkCodes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(linkCodes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      name === "description" && typeof part === "string" ? linked(part) : linkCodes(part),
    ]),
  );
}

function linked(description: string): string {
  const names = description.split(", ");
  if (!names.every(isCode)) return description;
  return names.map((name) => `[${name.replaceAll("_", "\\_")}](/docs/errors/${name})`).join(", ");
}

const isCode = (name: string): name is ErrorCode => Object.hasOwn(errorCatalogue, name);
