"use client";

import { call } from "#lib/http/client";
import * as contract from "#lib/services/contract";
import { SheetForm } from "@/components/portal/sheet-form";
import { numberOf, textOf, useBodyForm } from "@/components/portal/use-body-form";
import { useOperatorMutation } from "@/components/portal/use-operator-mutation";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { showToast } from "@/components/ui/toast";

const labels = { name: "Name", url: "Address", max_connections: "Connections at once" };

interface TargetDialogProps {
  service: contract.Service;
  /** The target to change; absent: a new one. */
  target?: contract.ServiceTarget;
  open: boolean;
  onClose: () => void;
}

export function TargetDialog({ service, target, open, onClose }: TargetDialogProps) {
  const service_id = service.id;
  const save = useOperatorMutation((body: contract.CreateTargetBody | contract.UpdateTargetBody) =>
    target
      ? call(contract.updateTarget, { params: { service_id, target_id: target.id }, body })
      : call(contract.createTarget, { params: { service_id }, body: body as contract.CreateTargetBody }),
  );
  const { form, field, problem, isPending, onSubmit } = useBodyForm({
    values: { name: target?.name ?? "", url: target?.url ?? "", max_connections: textOf(target?.max_connections) },
    bodyOf: ({ name, url, max_connections }) => ({
      name: name.trim(),
      url: url.trim(),
      max_connections: numberOf(max_connections) ?? null,
    }),
    schema: contract.createTargetBody,
    labels,
    async send(body) {
      const saved = await save.mutateAsync(body);
      onClose();
      showToast({ title: `${saved.name} ${target ? "changed" : "added"}` });
    },
  });

  return (
    <SheetForm
      as="dialog"
      title={target ? `Edit ${target.name}` : "Add target"}
      description={`One instance of ${service.display_name}. Calls are shared out evenly among its active targets.`}
      submitLabel={target ? "Save changes" : "Add target"}
      open={open}
      onClose={onClose}
      onSubmit={onSubmit}
      isPending={isPending}
      problem={problem}
    >
      <Field {...field("name")} required>
        <Input placeholder={`${service.name}-1`} spellCheck={false} className="font-mono" {...form.register("name")} />
      </Field>
      <Field {...field("url")} required>
        <Input
          inputMode="url"
          placeholder="http://10.0.0.8:8000"
          spellCheck={false}
          className="font-mono"
          {...form.register("url")}
        />
      </Field>
      <Field {...field("max_connections")} optional hint="A call that finds every target full is answered with 503.">
        <Input inputMode="numeric" placeholder="No limit" {...form.register("max_connections")} />
      </Field>
    </SheetForm>
  );
}
