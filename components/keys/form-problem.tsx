"use client";

import { ApiProblem } from "#lib/http/client";
import { hasNoRate, placeFieldErrors } from "@/components/keys/key-form";
import type { KeyForm } from "@/components/keys/key-form-fields";
import { Callout } from "@/components/ui/callout";

/** Refuses at the field what would be misunderstood by the server; true when the form may be sent. */
export function checkRates(form: KeyForm): boolean {
  if (!hasNoRate(form.getValues())) return true;
  form.setError("perMinute", { message: "Give at least one limit." }, { shouldFocus: true });
  return false;
}

/** Puts what the server refused to its fields and the rest above the buttons. */
export function showProblem(form: KeyForm, error: unknown) {
  const problem = error instanceof ApiProblem ? error : null;
  const { byField, rest } = placeFieldErrors(problem?.fields ?? [], form.getValues("allowedIps"));
  let isFirst = true;
  for (const [field, message] of byField) {
    form.setError(field, { message }, { shouldFocus: isFirst });
    isFirst = false;
  }
  if (byField.size > 0 && rest.length === 0) return;
  const message = [...rest, byField.size === 0 ? (problem?.message ?? "Something went wrong in this page.") : ""];
  form.setError("root", { message: message.filter(Boolean).join(" "), type: problem?.requestId ?? "client" });
}

export function FormProblem({ form }: { form: KeyForm }) {
  const root = form.formState.errors.root;
  if (!root?.message) return null;
  return (
    <Callout tone="danger" live>
      {root.message}
      {String(root.type).startsWith("req_") && <span className="block text-xs">Request id {String(root.type)}</span>}
    </Callout>
  );
}
