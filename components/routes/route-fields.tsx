"use client";

import { useQuery } from "@tanstack/react-query";
import { Controller } from "react-hook-form";
import { policyKinds } from "#lib/policies/contract";
import * as contract from "#lib/routes/contract";
import type { Service } from "#lib/services/contract";
import { policiesQuery } from "@/components/policies/policies.queries";
import { policyKindNames, policyText, withoutPolicy } from "@/components/policies/policy-facts";
import { CheckField } from "@/components/portal/form-fields";
import { FieldGroup } from "@/components/portal/sheet-form";
import type { useBodyForm } from "@/components/portal/use-body-form";
import { hasWildcard, policiesOfKind, type RouteValues } from "@/components/routes/route-form";
import { forwardedAddress, previewPath } from "@/components/routes/route-preview";
import { ChoiceChips } from "@/components/ui/choice-chips";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";

const methodOptions = contract.routeMethods.map((method) => ({ value: method, label: method }));

export type RouteForm = ReturnType<typeof useBodyForm<RouteValues, contract.CreateRouteBody>>;

/** Says while one types what is wrong with the pattern; the server's word (a path of the portal) stands there too. */
export function PathField({ routeForm: { form, field }, path }: { routeForm: RouteForm; path: string }) {
  const { label, error } = field("path");
  const checked = contract.pathPattern.safeParse(path.trim());
  const typing = path.trim() === "" || checked.success ? undefined : `Path ${checked.error.issues[0]?.message}.`;
  return (
    <Field
      label={label}
      error={typing ?? error}
      required
      hint={
        <>
          <code>{"{name}"}</code> stands for one segment, <code>*</code> at the end for any rest.
        </>
      }
    >
      <Input
        placeholder="/v1/customers/*"
        spellCheck={false}
        autoCapitalize="none"
        className="font-mono"
        {...form.register("path")}
      />
    </Field>
  );
}

interface ServiceFieldProps {
  routeForm: RouteForm;
  services: readonly Service[] | undefined;
  route: contract.Route | undefined;
}

export function ServiceField({ routeForm: { form, field }, services, route }: ServiceFieldProps) {
  // Until the list is there, an existing route keeps its own.
  const known = services ?? [];
  const own =
    route && !known.some(({ id }) => id === route.service_id)
      ? [{ value: route.service_id, label: route.service_name }]
      : [];
  const options = known.map(({ id, display_name, is_active }) => ({
    value: id,
    label: is_active ? display_name : `${display_name} (inactive)`,
  }));
  return (
    <Field
      {...field("service_id")}
      required
      {...(services?.length === 0 ? { hint: "There is none yet: create one under Services first." } : {})}
    >
      <Controller
        control={form.control}
        name="service_id"
        render={({ field: { value, onChange, onBlur, ref } }) => (
          <Select
            ref={ref}
            options={[...own, ...options]}
            placeholder="Choose a service"
            value={value}
            onValueChange={onChange}
            onBlur={onBlur}
          />
        )}
      />
    </Field>
  );
}

export function MethodField({ routeForm: { form } }: { routeForm: RouteForm }) {
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 font-medium text-sm">Methods</legend>
      <Controller
        control={form.control}
        name="methods"
        render={({ field: { value, onChange } }) => (
          <ChoiceChips label="Methods" mono options={methodOptions} value={value} onValueChange={onChange} />
        )}
      />
      <p className="text-ink-soft text-xs">None chosen: any method. HEAD is served wherever GET is.</p>
    </fieldset>
  );
}

export function PolicyFields({ routeForm: { form, field } }: { routeForm: RouteForm }) {
  const policies = useQuery(policiesQuery);
  const { error } = field("policy_ids");
  return (
    <FieldGroup legend="Policies" hint="At most one of each kind. They are made on the page behind this form.">
      {policyKinds.map((kind) => (
        <Field key={kind} label={policyKindNames[kind]}>
          <Controller
            control={form.control}
            name={`policy_ids.${kind}`}
            render={({ field: { value, onChange } }) => (
              <Select
                options={[
                  { value: none, label: `None: ${lowerFirst(withoutPolicy[kind])}` },
                  ...policiesOfKind(policies.data?.data, kind).map((policy) => ({
                    value: policy.id,
                    label: `${policy.name} (${lowerFirst(policyText(policy))})`,
                  })),
                ]}
                value={value || none}
                onValueChange={(id) => onChange(id === none ? "" : id)}
              />
            )}
          />
        </Field>
      ))}
      {error && <p className="text-danger-ink text-xs">{error}</p>}
    </FieldGroup>
  );
}

const none = "none";

interface StripFieldProps {
  routeForm: RouteForm;
  path: string;
  upstream: string | null;
}

/** Explained by the path it would forward. */
export function StripField({ routeForm: { form, field }, path, upstream }: StripFieldProps) {
  const isPossible = hasWildcard(path) && contract.pathPattern.safeParse(path.trim()).success;
  const preview = isPossible ? previewPath(path.trim()) : null;
  return (
    <CheckField
      control={form.control}
      name="strip_prefix"
      {...field("strip_prefix")}
      disabled={!isPossible}
      hint={
        preview ? (
          <>
            <code className="wrap-anywhere">{preview.example}</code> is passed on as{" "}
            <code className="wrap-anywhere">{upstream ? forwardedAddress(preview, true, upstream) : preview.rest}</code>
            .
          </>
        ) : (
          "Only where the path ends in /*: what * stands for is passed on alone."
        )
      }
    />
  );
}

/** Inside a sentence. "API key" keeps its capitals. */
const lowerFirst = (text: string) => (/^[A-Z]{2}/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1));
