import type { KeyFilters } from "@/components/keys/key-filters";
import { apiKeysQuery } from "@/components/keys/keys.queries";

/** No filter: the first page of the key list, which the overview knows keys by. */
export const newestKeys: KeyFilters = { search: "", status: null, after: [] };

export const newestKeysQuery = () => apiKeysQuery(newestKeys);
