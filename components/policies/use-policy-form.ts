"use client";

import type { FieldValues } from "react-hook-form";
import { call } from "#lib/http/client";
import * as contract from "#lib/policies/contract";
import { policyKindNames } from "@/components/policies/policy-facts";
import { useBodyForm } from "@/components/portal/use-body-form";
import { useOperatorMutation } from "@/components/portal/use-operator-mutation";
import { showToast } from "@/components/ui/toast";

export interface PolicyFormProps {
  /** The policy to change; absent: a new one. */
  policy?: contract.Policy | undefined;
  open: boolean;
  onClose: () => void;
}

interface Options<C extends FieldValues> extends PolicyFormProps {
  kind: contract.PolicyKind;
  /** What the fields of `configuration` hold. */
  values: C;
  configurationOf: (values: C) => unknown;
  /** Of the fields, by their names below the body. */
  labels: Record<string, string>;
}

/** The form of a policy of one kind, with what its frame needs to know. */
export function usePolicyForm<C extends FieldValues>(options: Options<C>) {
  const { kind, policy, values, configurationOf, labels, open, onClose } = options;
  const save = useOperatorMutation((body: contract.CreatePolicyBody) =>
    policy
      ? call(contract.updatePolicy, {
          params: { policy_id: policy.id },
          body: { name: body.name, configuration: body.configuration },
        })
      : call(contract.createPolicy, { body }),
  );
  const form = useBodyForm<{ name: string; configuration: C }, contract.CreatePolicyBody>({
    values: { name: policy?.name ?? "", configuration: values },
    // The contract of the kind checks the configuration before it is sent.
    bodyOf: ({ name, configuration }) =>
      ({ kind, name: name.trim(), configuration: configurationOf(configuration) }) as contract.CreatePolicyBody,
    schema: contract.createPolicyBody,
    labels: { name: "Name", ...labels },
    async send(body) {
      const saved = await save.mutateAsync(body);
      onClose();
      showToast({ title: `${saved.name} ${policy ? "changed" : "created"}` });
    },
  });
  const kindName = kind === "cors" ? "CORS" : policyKindNames[kind].toLowerCase();
  return {
    ...form,
    frame: {
      title: policy ? `Edit ${policy.name}` : `Create ${kindName} policy`,
      submitLabel: policy ? "Save changes" : "Create policy",
      open,
      onClose,
      onSubmit: form.onSubmit,
      isPending: form.isPending,
      problem: form.problem,
    },
  };
}
