"use client";

import { createContext, type ReactNode, useContext, useState } from "react";
import type { ErrorCode } from "#lib/core/errors";
import { login } from "#lib/identity/contract";
import { AuthForm } from "@/components/identity/auth-form";
import { EmailInput } from "@/components/identity/email-input";
import { rememberAddress, usePendingAddress } from "@/components/identity/pending-address";
import { signIn } from "@/components/identity/sign-in";
import { SubmitButton } from "@/components/identity/submit-button";
import { useContractForm, usePrefill } from "@/components/identity/use-contract-form";
import { Field } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/password-input";
import { TextLink } from "@/components/ui/text-link";

interface Credentials {
  email: string;
  password: string;
}

const labels = { email: "E-mail address", password: "Password" };
const submitId = "sign-in";

function useSignInForm(target: string) {
  const [refusal, setRefusal] = useState<ErrorCode | "NETWORK" | null>(null);
  const contractForm = useContractForm<Credentials>({
    body: login.body,
    labels,
    leaves: true,
    async send(credentials) {
      rememberAddress(credentials.email);
      await signIn(credentials);
      window.location.assign(target); // in full: nothing this tab holds was made for who is signed in now
    },
    onRefused({ code }, form) {
      setRefusal(code);
      if (code === "TOKEN_INVALID") form.setFocus("password", { shouldSelect: true });
    },
  });
  usePrefill(contractForm.form, "email", usePendingAddress());
  return { ...contractForm, refusal };
}

const SignInContext = createContext<ReturnType<typeof useSignInForm> | null>(null);

function useSignIn() {
  const context = useContext(SignInContext);
  if (!context) throw new Error("The parts of the sign-in page stand inside SignInScope.");
  return context;
}

/** Around the form and whatever fills it in. `target` is a page of ours: see `returnPath`. */
export function SignInScope({ target, children }: { target: string; children: ReactNode }) {
  return <SignInContext value={useSignInForm(target)}>{children}</SignInContext>;
}

/** `notice`: what happened on the way here. It gives way to what is wrong now. */
export function SignInForm({ notice }: { notice: ReactNode }) {
  const { form, field, problem, refusal, submit, isPending } = useSignIn();
  return (
    <AuthForm
      onSubmit={submit}
      problem={problem}
      remedy={refusal === "PERMISSION_DENIED" && <TextLink href="/verify-email">Send the mail again</TextLink>}
    >
      {!problem && notice}
      <Field {...field("email")} required>
        <EmailInput {...form.register("email")} />
      </Field>
      <Field {...field("password")} required aside={<TextLink href="/reset-password">Forgot password?</TextLink>}>
        <PasswordInput {...form.register("password")} autoComplete="current-password" />
      </Field>
      <SubmitButton id={submitId} variant="primary" size="lg" wide pending={isPending}>
        Sign in
      </SubmitButton>
    </AuthForm>
  );
}

interface DemoAccount {
  email: string;
  role: string;
}

/** Whom one may be on a demo: one click fills the form in, Enter signs in. */
export function DemoAccounts({ accounts, password }: { accounts: readonly DemoAccount[]; password: string }) {
  const { form } = useSignIn();
  const fill = (email: string) => {
    form.clearErrors();
    form.setValue("email", email);
    form.setValue("password", password);
    document.getElementById(submitId)?.focus();
  };
  return (
    <section aria-labelledby="demo-accounts" className="overflow-hidden rounded-md border border-line">
      <header className="border-line border-b px-4 py-2.5 text-sm">
        <h2 id="demo-accounts" className="font-medium">
          Demo accounts
        </h2>
        <p className="text-ink-soft text-xs">
          Choose one to fill in the form. The password of each is <code>{password}</code>.
        </p>
      </header>
      <ul>
        {accounts.map(({ email, role }) => (
          <li key={email} className="border-line border-t first:border-t-0">
            <button
              type="button"
              onClick={() => fill(email)}
              className="flex w-full flex-wrap items-baseline justify-between gap-x-4 px-4 py-2 text-left text-sm hover:bg-muted focus-visible:-outline-offset-2 pointer-coarse:py-3"
            >
              <span className="font-medium">{role}</span>
              <span className="wrap-anywhere text-ink-soft text-xs">{email}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
