"use client";

import { call } from "#lib/http/client";
import * as contract from "#lib/services/contract";
import { FieldGroup, SheetForm } from "@/components/portal/sheet-form";
import { useBodyForm } from "@/components/portal/use-body-form";
import { useOperatorMutation } from "@/components/portal/use-operator-mutation";
import {
  createServiceBodyOf,
  serviceLabels,
  serviceValues,
  updateServiceBodyOf,
} from "@/components/services/service-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { showToast } from "@/components/ui/toast";

interface ServiceSheetProps {
  /** The service to change; absent: a new one. */
  service?: contract.Service;
  open: boolean;
  onClose: () => void;
}

export function ServiceSheet({ service, open, onClose }: ServiceSheetProps) {
  const save = useOperatorMutation((body: contract.CreateServiceBody | contract.UpdateServiceBody) =>
    service
      ? call(contract.updateService, { params: { service_id: service.id }, body })
      : call(contract.createService, { body: body as contract.CreateServiceBody }),
  );
  const { form, field, problem, isPending, onSubmit } = useBodyForm({
    values: serviceValues(service),
    bodyOf: service ? updateServiceBodyOf : createServiceBodyOf,
    schema: service ? contract.updateServiceBody : contract.createServiceBody,
    labels: serviceLabels,
    async send(body) {
      const saved = await save.mutateAsync(body);
      onClose();
      showToast({ title: `${saved.display_name} ${service ? "changed" : "created"}` });
    },
  });

  return (
    <SheetForm
      title={service ? `Edit ${service.display_name}` : "Create service"}
      description={service ? "Gateways follow within a second." : "An API of yours that routes can lead to."}
      submitLabel={service ? "Save changes" : "Create service"}
      open={open}
      onClose={onClose}
      onSubmit={onSubmit}
      isPending={isPending}
      problem={problem}
    >
      <Field {...field("name")} required hint="What partners and tokens call it: lower case, such as users.">
        <Input placeholder="users" spellCheck={false} className="font-mono" {...form.register("name")} />
      </Field>
      <Field {...field("base_url")} required hint="A path in it stands before every forwarded path.">
        <Input
          inputMode="url"
          placeholder="http://10.0.0.7:8000"
          spellCheck={false}
          className="font-mono"
          {...form.register("base_url")}
        />
      </Field>
      <Field {...field("display_name")} optional hint="What people read. By default the name.">
        <Input placeholder="Users" {...form.register("display_name")} />
      </Field>
      <Field {...field("description")} optional>
        <Input {...form.register("description")} />
      </Field>
      <FieldGroup
        legend="Time it is given"
        hint="A call that takes longer is answered with 504, one that cannot connect with 503."
      >
        <div className="grid grid-cols-1 gap-3 sm:grid-cols-3 sm:items-end">
          {timeouts.map(({ name, placeholder }) => (
            <Field key={name} {...field(name)}>
              <Input inputMode="numeric" placeholder={placeholder} trailing={<Unit />} {...form.register(name)} />
            </Field>
          ))}
        </div>
      </FieldGroup>
    </SheetForm>
  );
}

const timeouts = [
  { name: "connect_timeout_ms", placeholder: "5000" },
  { name: "response_timeout_ms", placeholder: "60000" },
  { name: "total_timeout_ms", placeholder: "No limit" },
] as const;

const Unit = () => <span className="pr-1.5">ms</span>;
