import { createLoader, parseAsArrayOf, parseAsString } from "nuqs/server";

/** What of a list stands in the URL. `after` holds the cursor of every page turned, so that one can turn back. */
export const listFilterParsers = {
  search: parseAsString.withDefault(""),
  after: parseAsArrayOf(parseAsString).withDefault([]),
};

export interface ListFilters {
  search: string;
  after: string[];
}

/** Reads the filters of a page's `searchParams`. */
export const loadListFilters = createLoader(listFilterParsers);

const entriesPerPage = 25;

/** The query of the API that these filters mean. */
export function listQueryOf({ search, after }: ListFilters) {
  return { limit: entriesPerPage, search: search.trim().slice(0, 100) || undefined, cursor: after.at(-1) };
}
