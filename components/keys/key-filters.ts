import { createLoader, parseAsArrayOf, parseAsString, parseAsStringLiteral } from "nuqs/server";
import type { z } from "zod";
import { keyStatuses, type listApiKeys } from "#lib/keys/contract";

/** What of the key list stands in the URL. `after` holds the cursor of every page turned, so that one can turn back. */
export const keyFilterParsers = {
  search: parseAsString.withDefault(""),
  status: parseAsStringLiteral(keyStatuses),
  after: parseAsArrayOf(parseAsString).withDefault([]),
};

export interface KeyFilters {
  search: string;
  status: (typeof keyStatuses)[number] | null;
  after: string[];
}

/** Reads the filters of a page's `searchParams`. */
export const loadKeyFilters = createLoader(keyFilterParsers);

export const keysPerPage = 25;

/** The query of the API that these filters mean. */
export function keyQueryOf({ search, status, after }: KeyFilters): z.output<typeof listApiKeys.query> {
  return {
    limit: keysPerPage,
    search: search.trim().slice(0, 100) || undefined,
    status: status ?? undefined,
    cursor: after.at(-1),
    account_id: undefined,
  };
}
