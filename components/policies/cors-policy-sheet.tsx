"use client";

import { corsBody } from "#lib/policies/cors-body";
import { CorsFields } from "@/components/policies/cors-fields";
import { corsBodyOf, corsLabels, corsValues } from "@/components/policies/cors-form";
import { type PolicyFormProps, usePolicyForm } from "@/components/policies/use-policy-form";
import { SheetForm } from "@/components/portal/sheet-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

/** Which web pages may call the routes with this policy. */
export function CorsPolicySheet(props: PolicyFormProps) {
  const { form, field, frame } = usePolicyForm({
    ...props,
    kind: "cors",
    values: corsValues(props.policy && corsBody.parse(props.policy.configuration)),
    configurationOf: corsBodyOf,
    labels: corsLabels("configuration"),
  });
  return (
    <SheetForm {...frame} description="Which web pages may call its routes. It stands in place of the gateway’s CORS.">
      <Field {...field("name")} required>
        <Input placeholder="Customer app" maxLength={100} {...form.register("name")} />
      </Field>
      <CorsFields form={form} field={field} at={(part) => `configuration.${part}` as const} />
    </SheetForm>
  );
}
