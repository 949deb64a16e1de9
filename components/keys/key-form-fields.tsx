"use client";

import { useQuery } from "@tanstack/react-query";
import { Controller, type UseFormReturn } from "react-hook-form";
import { type Expiry, type KeyFormValues, rateFields, rateLabel, rateProblem } from "@/components/keys/key-form";
import { accountsQuery } from "@/components/keys/keys.queries";
import { usePortal } from "@/components/portal/portal-context";
import { Callout } from "@/components/ui/callout";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RadioGroup } from "@/components/ui/radio-group";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";

export type KeyForm = UseFormReturn<KeyFormValues>;

export function NameFields({ form }: { form: KeyForm }) {
  const { errors } = form.formState;
  return (
    <>
      <Field label="Name" required error={errors.name?.message} hint="Where it is used, so that you know it again.">
        <Input
          placeholder="Production server"
          maxLength={100}
          {...form.register("name", { validate: (text) => text.trim() !== "" || "Give the key a name." })}
        />
      </Field>
      <Field label="Description" optional error={errors.description?.message}>
        <Input maxLength={500} {...form.register("description")} />
      </Field>
    </>
  );
}

/** For whom the key is. Shown only to those who may make keys for others. */
export function AccountField({ form }: { form: KeyForm }) {
  const { can } = usePortal();
  const accounts = useQuery(accountsQuery(can.manageAccounts));
  if (!can.manageAccounts) return null;
  const options = accounts.data?.data.map(({ id, name, kind }) => ({ value: id, label: `${name} (${kind})` })) ?? [];
  return (
    <Field
      label="Account"
      error={form.formState.errors.accountId?.message}
      hint="The account it acts for and counts for."
    >
      <Select options={[{ value: "", label: "Your own account" }, ...options]} {...form.register("accountId")} />
    </Field>
  );
}

const presets = [
  { value: "read-write", label: "Read and write", description: "Every method, within its account." },
  { value: "read", label: "Read only", description: "GET, HEAD and OPTIONS." },
  { value: "custom", label: "Custom", description: "Choose each permission." },
] as const;

export function PermissionFields({ form }: { form: KeyForm }) {
  const { can } = usePortal();
  const error = form.formState.errors.preset?.message;
  const flags = [
    { name: "read", label: "Read", hint: "GET, HEAD and OPTIONS." },
    { name: "write", label: "Write", hint: "POST, PUT, PATCH and DELETE." },
    ...(can.grantAdmin
      ? [{ name: "admin", label: "Admin", hint: "Management writes beyond its own account." } as const]
      : []),
  ] as const;
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 font-medium text-sm">Permissions</legend>
      <Controller
        control={form.control}
        name="preset"
        render={({ field }) => (
          <RadioGroup label="Permissions" options={presets} value={field.value} onValueChange={field.onChange} />
        )}
      />
      {form.watch("preset") === "custom" && (
        <div className="flex flex-col gap-2 px-3 pt-1">
          {flags.map(({ name, label, hint }) => (
            <Controller
              key={name}
              control={form.control}
              name={name}
              render={({ field }) => (
                <Checkbox label={label} hint={hint} checked={field.value} onCheckedChange={field.onChange} />
              )}
            />
          ))}
        </div>
      )}
      {error && <p className="text-danger-ink text-xs">{error}</p>}
    </fieldset>
  );
}

export function LimitFields({ form }: { form: KeyForm }) {
  const { errors } = form.formState;
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 font-medium text-sm">Limits</legend>
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-3">
        {rateFields.map(({ name, seconds }) => (
          <Field key={name} label={rateLabel(seconds)} error={errors[name]?.message}>
            <Input
              inputMode="numeric"
              placeholder="No limit"
              {...form.register(name, { validate: (text) => rateProblem(text) ?? true })}
            />
          </Field>
        ))}
      </div>
      <p className="text-ink-soft text-xs">Calls in any such span of time. A call over a limit is refused with 429.</p>
    </fieldset>
  );
}

const lifetimes: readonly { value: Expiry; label: string }[] = [
  { value: "7", label: "In 7 days" },
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In 365 days" },
  { value: "never", label: "Never" },
];

export function ExpiryField({ form, keep }: { form: KeyForm; keep?: string }) {
  const options = keep === undefined ? lifetimes : [{ value: "keep" as const, label: keep }, ...lifetimes];
  return (
    <>
      <Field label="Expires" error={form.formState.errors.expiry?.message}>
        <Select options={options} {...form.register("expiry")} />
      </Field>
      {form.watch("expiry") === "never" && (
        <Callout tone="warning" live>
          A key that never expires works until somebody ends it, also after it leaked unnoticed. Rotate it from time to
          time.
        </Callout>
      )}
    </>
  );
}

export function AddressField({ form }: { form: KeyForm }) {
  return (
    <Field
      label="Allowed IP addresses"
      optional
      error={form.formState.errors.allowedIps?.message}
      hint="One address or CIDR range a line. Empty: calls may come from anywhere."
    >
      <Textarea
        rows={2}
        placeholder="203.0.113.0/24"
        spellCheck={false}
        className="font-mono text-sm"
        {...form.register("allowedIps")}
      />
    </Field>
  );
}
