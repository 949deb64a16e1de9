"use client";

import { Controller } from "react-hook-form";
import { authenticationConfiguration, type CredentialKind, credentialKinds } from "#lib/policies/contract";
import { credentialNames } from "@/components/policies/policy-facts";
import { type PolicyFormProps, usePolicyForm } from "@/components/policies/use-policy-form";
import { TagField } from "@/components/portal/form-fields";
import { SheetForm } from "@/components/portal/sheet-form";
import { Callout } from "@/components/ui/callout";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

const hints: Record<CredentialKind, string> = {
  api_key: "In X-API-Key, or as a bearer.",
  partner_token: "From POST /auth/token, as a bearer.",
  anonymous: "Lets callers in without one. They are counted by network address.",
};

const labels = {
  "configuration.accept": "Credentials it takes",
  "configuration.required_scopes": "Required scopes",
};

/** Which credentials the routes with this policy take. */
export function AuthenticationPolicySheet(props: PolicyFormProps) {
  const now = props.policy && authenticationConfiguration.parse(props.policy.configuration);
  const { form, field, frame } = usePolicyForm({
    ...props,
    kind: "authentication",
    values: {
      accept: now?.accept ?? (["api_key", "partner_token"] as CredentialKind[]),
      required_scopes: now?.required_scopes ?? [],
    },
    configurationOf: (values) => values,
    labels,
  });
  const accepted = form.watch("configuration.accept");
  const { label, error } = field("configuration.accept");

  return (
    <SheetForm {...frame} description="Which credentials its routes take. Any one of these will do.">
      <Field {...field("name")} required>
        <Input placeholder="Partners only" maxLength={100} {...form.register("name")} />
      </Field>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1.5 font-medium text-sm">{label}</legend>
        <Controller
          control={form.control}
          name="configuration.accept"
          render={({ field: { value, onChange } }) => (
            <>
              {credentialKinds.map((kind) => (
                <Checkbox
                  key={kind}
                  label={credentialNames[kind]}
                  hint={hints[kind]}
                  checked={value.includes(kind)}
                  onCheckedChange={(isOn) =>
                    onChange(credentialKinds.filter((one) => (one === kind ? isOn : value.includes(one))))
                  }
                />
              ))}
            </>
          )}
        />
        {error && <p className="text-danger-ink text-xs">{error}</p>}
      </fieldset>
      {accepted.includes("anonymous") && (
        <Callout tone="warning" live>
          Anybody who reaches the gateway may call these routes.
        </Callout>
      )}
      <TagField
        control={form.control}
        name="configuration.required_scopes"
        {...field("configuration.required_scopes")}
        optional
        placeholder="customer:read"
        hint="A credential must have all of them."
      />
    </SheetForm>
  );
}
