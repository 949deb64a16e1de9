"use client";

import { keyStatuses } from "#lib/keys/contract";
import type { KeyFilters } from "@/components/keys/key-filters";
import { statusNames } from "@/components/keys/key-status";
import { SearchField } from "@/components/portal/search-field";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";

const everyStatus = "any";
const statusOptions = [
  { value: everyStatus, label: "Any status" },
  ...keyStatuses.map((status) => ({ value: status, label: statusNames[status] })),
];

interface KeyToolbarProps {
  filters: KeyFilters;
  onSearch: (search: string) => void;
  onStatus: (status: KeyFilters["status"]) => void;
}

export function KeyToolbar({ filters, onSearch, onStatus }: KeyToolbarProps) {
  return (
    <search className="flex flex-wrap gap-2">
      <SearchField
        label="Search by name or last characters"
        placeholder="Name or last characters"
        value={filters.search}
        onSearch={onSearch}
      />
      <Field label="Status" labelHidden className="w-34 sm:w-36">
        <Select
          options={statusOptions}
          value={filters.status ?? everyStatus}
          onValueChange={(value) => onStatus(keyStatuses.find((status) => status === value) ?? null)}
        />
      </Field>
    </search>
  );
}
