"use client";

import { type FormEvent, useId, useState } from "react";
import { useForm } from "react-hook-form";
import { checkRates, FormProblem, showProblem } from "@/components/keys/form-problem";
import type { Issued } from "@/components/keys/issued-secret";
import { createBodyOf, newKeyValues } from "@/components/keys/key-form";
import {
  AccountField,
  AddressField,
  ExpiryField,
  LimitFields,
  NameFields,
  PermissionFields,
} from "@/components/keys/key-form-fields";
import { useCreateApiKey } from "@/components/keys/keys.queries";
import { SecretDialog } from "@/components/keys/secret-dialog";
import { usePortal } from "@/components/portal/portal-context";
import { Button } from "@/components/ui/button";

/** Makes a key, then shows its secret once. Unmount it when it is closed: it holds the secret. */
export function CreateKeyDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { defaultRates } = usePortal();
  const form = useForm({ defaultValues: newKeyValues(defaultRates) });
  const create = useCreateApiKey();
  const [issued, setIssued] = useState<Issued | null>(null);
  const formId = useId();

  const submit = form.handleSubmit(async (values) => {
    if (!checkRates(form)) return;
    try {
      const { key: secret, ...apiKey } = await create.mutateAsync(createBodyOf(values, defaultRates, new Date()));
      setIssued({ apiKey, secret });
    } catch (error) {
      showProblem(form, error);
    } finally {
      create.reset(); // the mutation's state holds the answer, and with it the secret
    }
  });

  return (
    <SecretDialog
      open={open}
      onClose={onClose}
      title="Create API key"
      description="For one program or one place: the more keys, the less each can break."
      busy={create.isPending}
      issued={issued}
      issuedTitle="API key created"
      footer={
        <>
          <Button onClick={onClose} disabled={create.isPending}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" pending={create.isPending}>
            Create key
          </Button>
        </>
      }
    >
      <form id={formId} noValidate onSubmit={(event: FormEvent) => void submit(event)} className="flex flex-col gap-5">
        <NameFields form={form} />
        <AccountField form={form} />
        <PermissionFields form={form} />
        <LimitFields form={form} />
        <ExpiryField form={form} />
        <AddressField form={form} />
        <FormProblem form={form} />
      </form>
    </SecretDialog>
  );
}
