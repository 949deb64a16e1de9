"use client";

import { useQueryStates } from "nuqs";
import { listFilterParsers } from "@/components/portal/list-filters";

/** The search and the page of a list, kept in the URL. */
export function useListFilters() {
  const [filters, setFilters] = useQueryStates(listFilterParsers);
  return {
    filters,
    isFiltered: filters.search !== "" || filters.after.length > 0,
    search: (search: string) => void setFilters({ search: search || null, after: null }),
    turn: (after: string[] | null) => void setFilters({ after }, { history: "push" }),
    clear: () => void setFilters(null),
  };
}
