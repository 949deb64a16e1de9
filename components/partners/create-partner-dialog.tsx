"use client";

import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { call } from "#lib/http/client";
import * as contract from "#lib/partners/contract";
import { catalogQuery } from "@/components/gateways/gateways.queries";
import { FormAlert } from "@/components/identity/form-alert";
import type { Issued } from "@/components/keys/issued-secret";
import { SecretDialog } from "@/components/keys/secret-dialog";
import { PartnerFields } from "@/components/partners/partner-fields";
import { partnerBodyOf, partnerLabels, partnerValues } from "@/components/partners/partner-form";
import { partnerSamples } from "@/components/partners/partner-samples";
import { usePortal } from "@/components/portal/portal-context";
import { useBodyForm } from "@/components/portal/use-body-form";
import { useOperatorMutation } from "@/components/portal/use-operator-mutation";
import { Button } from "@/components/ui/button";

/** Makes a partner, then shows the secret of its first key once. Unmount it when it is closed: it holds the secret. */
export function CreatePartnerDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { apiUrl } = usePortal();
  const catalog = useQuery(catalogQuery);
  const create = useOperatorMutation((body: contract.CreatePartnerBody) => call(contract.createPartner, { body }));
  const [issued, setIssued] = useState<(Issued & { serviceIds: string[] }) | null>(null);
  const formId = useId();
  const partnerForm = useBodyForm({
    values: partnerValues(),
    bodyOf: partnerBodyOf,
    schema: contract.createPartnerBody,
    labels: partnerLabels,
    async send(body) {
      try {
        const { api_key: secret, name, service_ids } = await create.mutateAsync(body);
        setIssued({ apiKey: { name, ...shownParts(secret) }, secret, serviceIds: service_ids });
      } finally {
        create.reset(); // the mutation's state holds the answer, and with it the secret
      }
    },
  });
  const { problem, isPending, onSubmit } = partnerForm;

  return (
    <SecretDialog
      open={open}
      onClose={onClose}
      title="Create partner"
      description="Another company that calls the services you choose, with a key of its own."
      busy={isPending}
      issued={issued}
      issuedTitle="Partner created"
      samples={partnerSamples(new URL(apiUrl).origin, issued?.serviceIds ?? [], catalog.data?.data ?? [])}
      footer={
        <>
          <Button onClick={onClose} disabled={isPending}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" pending={isPending}>
            Create partner
          </Button>
        </>
      }
    >
      <form id={formId} noValidate onSubmit={onSubmit} className="flex flex-col gap-5">
        <PartnerFields partnerForm={partnerForm} />
        <FormAlert problem={problem} />
      </form>
    </SecretDialog>
  );
}

const prefixLength = 7;
const endLength = 4;

/** As much of a secret as may be shown. */
const shownParts = (secret: string) => ({
  key_prefix: secret.slice(0, prefixLength),
  key_last4: secret.slice(-endLength),
});
