"use client";

import { useRouter } from "next/navigation";
import { call } from "#lib/http/client";
import { type SignUpBody, signUp, signUpBody } from "#lib/identity/contract";
import { AuthForm } from "@/components/identity/auth-form";
import { EmailInput } from "@/components/identity/email-input";
import { NewPasswordField } from "@/components/identity/password-field";
import { rememberAddress } from "@/components/identity/pending-address";
import { SubmitButton } from "@/components/identity/submit-button";
import { useContractForm } from "@/components/identity/use-contract-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

const labels = { name: "Name", email: "E-mail address", password: "Password", account_name: "Account name" };

export function SignUpForm() {
  const router = useRouter();
  const { form, field, problem, submit, isPending } = useContractForm<SignUpBody>({
    body: signUpBody,
    labels,
    leaves: true,
    async send(body) {
      await call(signUp, { body });
      rememberAddress(body.email);
      router.push("/verify-email");
    },
  });
  return (
    <AuthForm onSubmit={submit} problem={problem}>
      <Field {...field("name")} required>
        <Input {...form.register("name")} autoComplete="name" />
      </Field>
      <Field {...field("email")} required>
        <EmailInput {...form.register("email")} />
      </Field>
      <NewPasswordField {...field("password")} {...form.register("password")} typed={form.watch("password") ?? ""} />
      <Field {...field("account_name")} optional hint="Company or project. By default your name.">
        <Input {...form.register("account_name", { setValueAs: orNothing })} autoComplete="organization" />
      </Field>
      <SubmitButton variant="primary" size="lg" wide pending={isPending}>
        Create account
      </SubmitButton>
    </AuthForm>
  );
}

/** An empty box is no account name, rather than an account without a name. */
const orNothing = (text: string | undefined) => text?.trim() || undefined;
