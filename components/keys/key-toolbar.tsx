"use client";

import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { keyStatuses } from "#lib/keys/contract";
import type { KeyFilters } from "@/components/keys/key-filters";
import { statusNames } from "@/components/keys/key-status";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";

const typingPauseMs = 250;
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
  const [text, setText] = useState(filters.search);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setText(filters.search), [filters.search]); // cleared, or the browser's back button
  useEffect(() => () => clearTimeout(pause.current), []);

  const type = (typed: string) => {
    setText(typed);
    clearTimeout(pause.current);
    pause.current = setTimeout(() => onSearch(typed), typingPauseMs);
  };

  return (
    <search className="flex flex-wrap gap-2">
      <Field label="Search by name or last characters" labelHidden className="grow basis-44 sm:max-w-72">
        <Input
          type="search"
          placeholder="Name or last characters"
          maxLength={100}
          leading={<Search aria-hidden="true" />}
          value={text}
          onChange={(event) => type(event.target.value)}
        />
      </Field>
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
