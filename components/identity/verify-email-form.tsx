"use client";

import { useRouter } from "next/navigation";
import { call } from "#lib/http/client";
import { verifyEmail } from "#lib/identity/contract";
import { AuthForm } from "@/components/identity/auth-form";
import { SubmitButton } from "@/components/identity/submit-button";
import { useContractForm } from "@/components/identity/use-contract-form";
import { TextLink } from "@/components/ui/text-link";

/** A press of a button uses the token up. Opening the link must not: mail scanners open every link before people do. */
export function VerifyEmailForm({ token }: { token: string }) {
  const router = useRouter();
  const { problem, submit, isPending } = useContractForm<Record<string, never>>({
    body: verifyEmail.body.omit({ token: true }),
    labels: { token: "The link" },
    leaves: true,
    async send() {
      await call(verifyEmail, { body: { token } });
      router.replace("/sign-in?notice=email-confirmed");
    },
  });
  return (
    <AuthForm onSubmit={submit} problem={problem} remedy={<TextLink href="/verify-email">Get a new link</TextLink>}>
      <SubmitButton variant="primary" size="lg" wide pending={isPending}>
        Confirm e-mail address
      </SubmitButton>
    </AuthForm>
  );
}
