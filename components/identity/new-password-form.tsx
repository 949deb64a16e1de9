"use client";

import { useRouter } from "next/navigation";
import { call } from "#lib/http/client";
import { resetPassword } from "#lib/identity/contract";
import { AuthForm } from "@/components/identity/auth-form";
import { NewPasswordField } from "@/components/identity/password-field";
import { SubmitButton } from "@/components/identity/submit-button";
import { useContractForm } from "@/components/identity/use-contract-form";
import { TextLink } from "@/components/ui/text-link";

/** Sets a new password with the token of a mailed link. */
export function NewPasswordForm({ token }: { token: string }) {
  const router = useRouter();
  const { form, field, problem, submit, isPending } = useContractForm<{ password: string }>({
    body: resetPassword.body.omit({ token: true }),
    labels: { password: "New password", token: "The link" },
    leaves: true,
    async send({ password }) {
      await call(resetPassword, { body: { token, password } });
      router.replace("/sign-in?notice=password-set");
    },
  });
  return (
    <AuthForm onSubmit={submit} problem={problem} remedy={<TextLink href="/reset-password">Get a new link</TextLink>}>
      <NewPasswordField {...field("password")} {...form.register("password")} typed={form.watch("password") ?? ""} />
      <SubmitButton variant="primary" size="lg" wide pending={isPending}>
        Set new password
      </SubmitButton>
    </AuthForm>
  );
}
