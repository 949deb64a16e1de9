"use client";

import { type FormEvent, useId } from "react";
import { useForm } from "react-hook-form";
import type { ApiKey } from "#lib/keys/contract";
import { checkRates, FormProblem, showProblem } from "@/components/keys/form-problem";
import { updateBodyOf, valuesOfKey } from "@/components/keys/key-form";
import { AddressField, ExpiryField, LimitFields, NameFields } from "@/components/keys/key-form-fields";
import { useUpdateApiKey } from "@/components/keys/keys.queries";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { formatAbsolute } from "@/components/ui/format-time";
import { showToast } from "@/components/ui/toast";

/** Changes what may change about a key without a new secret. Only what was edited is sent. */
export function EditKeyDialog(props: { apiKey: ApiKey; open: boolean; onClose: () => void }) {
  const { apiKey, open, onClose } = props;
  const form = useForm({ defaultValues: valuesOfKey(apiKey) });
  const update = useUpdateApiKey(apiKey.id);
  const formId = useId();
  const hasOtherLimits = apiKey.limits.some(({ algorithm }) => algorithm !== "sliding_window");

  const submit = form.handleSubmit(async (values) => {
    if (!hasOtherLimits && !checkRates(form)) return;
    const body = updateBodyOf(values, apiKey, new Date());
    try {
      if (Object.keys(body).length > 0) {
        await update.mutateAsync(body);
        showToast({ title: `${values.name.trim()} changed` });
      }
      onClose();
    } catch (error) {
      showProblem(form, error);
    }
  });

  return (
    <Dialog
      title={`Edit ${apiKey.name}`}
      size="md"
      open={open}
      onOpenChange={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" pending={update.isPending}>
            Save changes
          </Button>
        </>
      }
    >
      <form id={formId} noValidate onSubmit={(event: FormEvent) => void submit(event)} className="flex flex-col gap-5">
        <NameFields form={form} />
        <LimitFields form={form} />
        <ExpiryField form={form} keep={apiKey.expires_at ? keptUntil(apiKey.expires_at) : "Never, as now"} />
        <AddressField form={form} />
        <FormProblem form={form} />
      </form>
    </Dialog>
  );
}

const keptUntil = (time: string) => `${formatAbsolute(new Date(time))}, as now`;
