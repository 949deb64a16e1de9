"use client";

import { Plus } from "lucide-react";
import { useFieldArray } from "react-hook-form";
import { countedBy, rateLimitConfiguration } from "#lib/policies/contract";
import { LimitRow } from "@/components/policies/limit-row";
import { countedByNames } from "@/components/policies/policy-facts";
import { limitBodyOf, limitValues, newLimit } from "@/components/policies/policy-form";
import { type PolicyFormProps, usePolicyForm } from "@/components/policies/use-policy-form";
import { SheetForm } from "@/components/portal/sheet-form";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";

const limitsMax = 10;

const labels = {
  "configuration.limits": "Limits",
  "configuration.limits.*.limit": "Calls",
  "configuration.limits.*.window_seconds": "Per",
  "configuration.limits.*.burst": "Burst",
  "configuration.limits.*.algorithm": "Algorithm",
  "configuration.count_by": "Counted for",
};

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const countedByOptions = countedBy.map((value) => ({ value, label: upperFirst(countedByNames[value]) }));

/** How often the routes with this policy may be called. */
export function RateLimitPolicySheet(props: PolicyFormProps) {
  const now = props.policy && rateLimitConfiguration.parse(props.policy.configuration);
  const { form, field, frame } = usePolicyForm({
    ...props,
    kind: "rate_limit",
    values: { limits: now?.limits.map(limitValues) ?? [newLimit], count_by: now?.count_by ?? "api_key" },
    configurationOf: ({ limits, count_by }) => ({ limits: limits.map(limitBodyOf), count_by }),
    labels,
  });
  const limits = useFieldArray({ control: form.control, name: "configuration.limits" });

  return (
    <SheetForm
      {...frame}
      description="Beside the limits of the caller’s key. A call over any limit is refused with 429."
    >
      <Field {...field("name")} required>
        <Input placeholder="Search, at most 10 a second" maxLength={100} {...form.register("name")} />
      </Field>
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-1.5 font-medium text-sm">Limits</legend>
        {limits.fields.map((limit, index) => (
          <LimitRow
            key={limit.id}
            number={index + 1}
            limit={limit}
            control={(part) => ({
              ...field(`configuration.limits.${index}.${part}`),
              registered: form.register(`configuration.limits.${index}.${part}`),
            })}
            onRemove={() => limits.remove(index)}
          />
        ))}
        {limits.fields.length === 0 && (
          <Callout tone="warning">
            Without a limit its routes may be called as often as the caller’s key allows.
          </Callout>
        )}
        {limits.fields.length < limitsMax && (
          <Button
            size="sm"
            icon={<Plus aria-hidden="true" />}
            onClick={() => limits.append(newLimit)}
            className="self-start"
          >
            Add limit
          </Button>
        )}
      </fieldset>
      <Field {...field("configuration.count_by")} hint="Callers without a key are always counted by network address.">
        <Select options={countedByOptions} {...form.register("configuration.count_by")} />
      </Field>
    </SheetForm>
  );
}
