"use client";

import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { errorCatalogue } from "#lib/core/errors";
import { type LogFilters, requestMethods } from "@/components/logs/log-filters";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RangeControl } from "@/components/usage/range-control";
import { AccountSelect, ChoiceSelect, KeySelect, ServiceSelect } from "@/components/usage/traffic-selects";
import { statusChoices } from "@/components/usage/usage-toolbar";

interface LogToolbarProps {
  filters: LogFilters;
  onChange: (change: Partial<LogFilters>) => void;
}

const named = (name: string) => ({ id: name, name });
const statuses = [200, 201, 204, 304, 400, 401, 402, 403, 404, 409, 422, 429, 499, 500, 502, 503, 504];
const statusOptions = [...statusChoices, ...statuses.map(String).map(named)];
const methodOptions = requestMethods.map(named);
const errorOptions = Object.keys(errorCatalogue).toSorted().map(named);

export function LogToolbar({ filters, onChange }: LogToolbarProps) {
  return (
    <search className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
        <RangeControl value={filters} onChange={onChange} />
        <Checkbox
          label="Include management API"
          checked={filters.management}
          onCheckedChange={(checked) => onChange({ management: checked === true })}
        />
      </div>
      <div className="grid grid-cols-2 gap-2 sm:flex sm:flex-wrap">
        <SearchField value={filters.search} onChange={(search) => onChange({ search })} />
        <ChoiceSelect
          label="Status"
          anyLabel="Any status"
          choices={statusOptions}
          value={filters.status}
          onChange={(status) => onChange({ status })}
        />
        <ChoiceSelect
          label="Method"
          anyLabel="Any method"
          choices={methodOptions}
          value={filters.method}
          onChange={(method) => onChange({ method })}
        />
        <ChoiceSelect
          label="Error code"
          anyLabel="Any error code"
          choices={errorOptions}
          value={filters.error}
          onChange={(error) => onChange({ error })}
        />
        <KeySelect value={filters.key} onChange={(key) => onChange({ key })} />
        <ServiceSelect value={filters.service} onChange={(service) => onChange({ service })} />
        <AccountSelect value={filters.account} onChange={(account) => onChange({ account })} />
        {filters.route !== null && (
          <Button icon={<X aria-hidden="true" />} onClick={() => onChange({ route: null })}>
            One route only
          </Button>
        )}
      </div>
    </search>
  );
}

const typingPauseMs = 300;

function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setText(value), [value]); // cleared, or the browser's back button
  useEffect(() => () => clearTimeout(pause.current), []);

  const type = (typed: string) => {
    setText(typed);
    clearTimeout(pause.current);
    pause.current = setTimeout(() => onChange(typed.trim()), typingPauseMs);
  };
  return (
    <Field label="Search by path or request id" labelHidden className="col-span-2 grow basis-48 sm:max-w-80">
      <Input
        type="search"
        placeholder="/path or request id"
        maxLength={128}
        leading={<Search aria-hidden="true" />}
        value={text}
        onChange={(event) => type(event.target.value)}
      />
    </Field>
  );
}
