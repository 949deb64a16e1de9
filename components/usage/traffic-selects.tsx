"use client";

import { useQuery } from "@tanstack/react-query";
import { accountsQuery } from "@/components/keys/keys.queries";
import { usePortal } from "@/components/portal/portal-context";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { type Choice, catalogQuery, servicesOf } from "@/components/usage/catalog.queries";
import { keyChoicesQuery } from "@/components/usage/usage.queries";

interface ChoiceSelectProps {
  /** "Key". */
  label: string;
  /** What stands for no choice: "Any key". */
  anyLabel: string;
  choices: readonly Choice[];
  value: string | null;
  onChange: (value: string | null) => void;
}

const any = "any";

/** One of many things by name. One that is not among them (it is gone, or there are too many) is offered by its id. */
export function ChoiceSelect({ label, anyLabel, choices, value, onChange }: ChoiceSelectProps) {
  const isKnown = value === null || choices.some(({ id }) => id === value);
  const offered = isKnown ? choices : [...choices, { id: value, name: value }];
  return (
    <Field label={label} labelHidden className="w-full sm:w-35">
      <Select
        options={[{ value: any, label: anyLabel }, ...offered.map(({ id, name }) => ({ value: id, label: name }))]}
        value={value ?? any}
        onValueChange={(chosen) => onChange(chosen === any ? null : chosen)}
      />
    </Field>
  );
}

type OneSelectProps = Pick<ChoiceSelectProps, "value" | "onChange">;

export function KeySelect(props: OneSelectProps) {
  const keys = useQuery(keyChoicesQuery());
  return <ChoiceSelect label="Key" anyLabel="Any key" choices={keys.data?.data ?? []} {...props} />;
}

export function ServiceSelect(props: OneSelectProps) {
  const catalog = useQuery(catalogQuery());
  return (
    <ChoiceSelect label="Service" anyLabel="Any service" choices={servicesOf(catalog.data?.data ?? [])} {...props} />
  );
}

/** For those who see the traffic of several accounts. */
export function AccountSelect(props: OneSelectProps) {
  const { can } = usePortal();
  const accounts = useQuery(accountsQuery(can.manageAccounts));
  if (!can.manageAccounts) return null;
  return <ChoiceSelect label="Account" anyLabel="Any account" choices={accounts.data?.data ?? []} {...props} />;
}
