"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { call } from "#lib/http/client";
import { requestPasswordReset, resendVerification } from "#lib/identity/contract";
import { AuthForm } from "@/components/identity/auth-form";
import { EmailInput } from "@/components/identity/email-input";
import { rememberAddress, usePendingAddress } from "@/components/identity/pending-address";
import { SubmitButton } from "@/components/identity/submit-button";
import { useContractForm, usePrefill } from "@/components/identity/use-contract-form";
import { Callout } from "@/components/ui/callout";
import { Field } from "@/components/ui/field";

const endpoints = { "confirm-email": resendVerification, "reset-password": requestPasswordReset };

interface MailRequestFormProps {
  /** Which mail is asked for. */
  mail: keyof typeof endpoints;
  submitLabel: string;
  /** The page that says that a mail is on its way. Without it the form says so itself. */
  next?: string;
  variant?: "primary" | "secondary";
}

/** Asks for a mail with a link. Who has an account is not told: the answer is the same for every address. */
export function MailRequestForm({ mail, submitLabel, next, variant = "primary" }: MailRequestFormProps) {
  const router = useRouter();
  const endpoint = endpoints[mail];
  const [sentTo, setSentTo] = useState<string | null>(null);
  const { form, field, problem, submit, isPending } = useContractForm<{ email: string }>({
    body: endpoint.body,
    labels: { email: "E-mail address" },
    leaves: next !== undefined,
    async send(body) {
      setSentTo(null);
      await call(endpoint, { body });
      rememberAddress(body.email);
      if (next) router.push(next);
      else setSentTo(body.email);
    },
  });
  usePrefill(form, "email", usePendingAddress());
  return (
    <AuthForm onSubmit={submit} problem={problem}>
      {sentTo && (
        <Callout tone="success" live>
          If <span className="wrap-anywhere font-medium">{sentTo}</span> waits to be confirmed, another mail is on its
          way.
        </Callout>
      )}
      <Field {...field("email")} required>
        <EmailInput {...form.register("email")} />
      </Field>
      <SubmitButton variant={variant} size="lg" wide pending={isPending}>
        {submitLabel}
      </SubmitButton>
    </AuthForm>
  );
}
