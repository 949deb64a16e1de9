"use client";

import { useQuery } from "@tanstack/react-query";
import { Controller } from "react-hook-form";
import type { CreatePartnerBody } from "#lib/partners/contract";
import type { PartnerValues } from "@/components/partners/partner-form";
import { QueryError } from "@/components/portal/query-error";
import type { useBodyForm } from "@/components/portal/use-body-form";
import { serviceChoicesQuery } from "@/components/services/services.queries";
import { ChoiceChips } from "@/components/ui/choice-chips";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Skeleton } from "@/components/ui/skeleton";

export type PartnerForm = ReturnType<typeof useBodyForm<PartnerValues, CreatePartnerBody>>;

export function PartnerFields({ partnerForm: { form, field } }: { partnerForm: PartnerForm }) {
  return (
    <>
      <Field {...field("name")} required>
        <Input placeholder="Acme Logistics" maxLength={100} {...form.register("name")} />
      </Field>
      <ServiceChoice partnerForm={{ form, field }} />
      <Field {...field("rate_limit")} hint="Of each of its keys. Calls in any minute; one more is refused with 429.">
        <Input inputMode="numeric" className="max-w-40" {...form.register("rate_limit")} />
      </Field>
    </>
  );
}

function ServiceChoice({ partnerForm: { form, field } }: { partnerForm: Pick<PartnerForm, "form" | "field"> }) {
  const services = useQuery(serviceChoicesQuery);
  const { label, error } = field("service_ids");
  const options = services.data?.data.map(({ id, display_name }) => ({ value: id, label: display_name })) ?? [];
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 font-medium text-sm">{label}</legend>
      {services.isPending && <Skeleton className="h-7 w-56" />}
      {services.error && (
        <QueryError bare error={services.error} what="services" onRetry={() => void services.refetch()} />
      )}
      <Controller
        control={form.control}
        name="service_ids"
        render={({ field: { value, onChange } }) => (
          <ChoiceChips label="Services" options={options} value={value} onValueChange={onChange} />
        )}
      />
      {error && <p className="text-danger-ink text-xs">{error}</p>}
      <p className="text-ink-soft text-xs">Those it may call. Calls to any other are refused with 403.</p>
    </fieldset>
  );
}
