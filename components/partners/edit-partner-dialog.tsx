"use client";

import { call } from "#lib/http/client";
import * as contract from "#lib/partners/contract";
import { PartnerFields } from "@/components/partners/partner-fields";
import { partnerBodyOf, partnerLabels, partnerValues } from "@/components/partners/partner-form";
import { SheetForm } from "@/components/portal/sheet-form";
import { useBodyForm } from "@/components/portal/use-body-form";
import { useOperatorMutation } from "@/components/portal/use-operator-mutation";
import { showToast } from "@/components/ui/toast";

interface EditPartnerDialogProps {
  partner: contract.Partner;
  open: boolean;
  onClose: () => void;
}

export function EditPartnerDialog({ partner, open, onClose }: EditPartnerDialogProps) {
  const update = useOperatorMutation((body: contract.UpdatePartnerBody) =>
    call(contract.updatePartner, { params: { partner_id: partner.id }, body }),
  );
  const partnerForm = useBodyForm({
    values: partnerValues(partner),
    bodyOf: partnerBodyOf,
    schema: contract.updatePartnerBody,
    labels: partnerLabels,
    async send(body) {
      const saved = await update.mutateAsync(body);
      onClose();
      showToast({ title: `${saved.name} changed` });
    },
  });
  return (
    <SheetForm
      as="dialog"
      title={`Edit ${partner.name}`}
      description="Services and limit hold within a second, for tokens already given out too."
      submitLabel="Save changes"
      open={open}
      onClose={onClose}
      onSubmit={partnerForm.onSubmit}
      isPending={partnerForm.isPending}
      problem={partnerForm.problem}
    >
      <PartnerFields partnerForm={partnerForm} />
    </SheetForm>
  );
}
