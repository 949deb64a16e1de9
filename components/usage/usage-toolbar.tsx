"use client";

import { usePortal } from "@/components/portal/portal-context";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { RangeControl } from "@/components/usage/range-control";
import { statusClasses } from "@/components/usage/traffic-filters";
import { AccountSelect, ChoiceSelect, KeySelect, ServiceSelect } from "@/components/usage/traffic-selects";
import { groupNames, type UsageFilters, type UsageGrouping, usageGroupings } from "@/components/usage/usage-filters";

interface UsageToolbarProps {
  filters: UsageFilters;
  onChange: (change: Partial<UsageFilters>) => void;
}

const classNames = { "2xx": "2xx succeeded", "3xx": "3xx redirected", "4xx": "4xx refused", "5xx": "5xx failed" };
export const statusChoices = statusClasses.map((id) => ({ id, name: classNames[id] }));

export function UsageToolbar({ filters, onChange }: UsageToolbarProps) {
  return (
    <search className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
        <RangeControl value={filters} onChange={onChange} />
        <div className="flex flex-wrap gap-x-5 gap-y-2">
          <Checkbox
            label="Compare with the time before"
            checked={filters.compare}
            onCheckedChange={(checked) => onChange({ compare: checked === true })}
          />
          <Checkbox
            label="Include management API"
            checked={filters.management}
            onCheckedChange={(checked) => onChange({ management: checked === true })}
          />
        </div>
      </div>
      <div className="grid grid-cols-2 gap-2 sm:flex sm:flex-wrap">
        <GroupSelect value={filters.group} onChange={(group) => onChange({ group })} />
        <KeySelect value={filters.key} onChange={(key) => onChange({ key })} />
        <ServiceSelect value={filters.service} onChange={(service) => onChange({ service })} />
        <ChoiceSelect
          label="Status"
          anyLabel="Any status"
          choices={statusChoices}
          value={filters.status}
          onChange={(status) => onChange({ status })}
        />
        <AccountSelect value={filters.account} onChange={(account) => onChange({ account })} />
      </div>
    </search>
  );
}

const ungrouped = "none";

function GroupSelect(props: { value: UsageGrouping | null; onChange: (group: UsageGrouping | null) => void }) {
  const { can } = usePortal();
  const offered = usageGroupings.filter((group) => group !== "account" || can.manageAccounts);
  return (
    <Field label="Group by" labelHidden className="w-full sm:w-44">
      <Select
        options={[
          { value: ungrouped, label: "Group by nothing" },
          ...offered.map((group) => ({ value: group, label: `Group by ${groupNames[group].toLowerCase()}` })),
        ]}
        value={props.value ?? ungrouped}
        onValueChange={(chosen) => props.onChange(usageGroupings.find((group) => group === chosen) ?? null)}
      />
    </Field>
  );
}
