import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { isAppError } from "#lib/core/errors";
import { signedInActor } from "#lib/http/page-context";
import { demoAccounts, demoPassword } from "#lib/identity/demo-accounts";
import { runtime } from "#lib/platform/runtime";
import { returnPath } from "@/components/identity/return-path";
import { signInRefusal } from "@/components/identity/sign-in";
import { DemoAccounts, SignInForm, SignInScope } from "@/components/identity/sign-in-form";
import { AuthLayout } from "@/components/layout/auth-layout";
import { Callout } from "@/components/ui/callout";
import { TextLink } from "@/components/ui/text-link";

export const metadata: Metadata = { title: "Sign in" };

interface SignInPageProps {
  searchParams: Promise<{ return_to?: string | string[]; notice?: string | string[]; error?: string | string[] }>;
}

/** What happened on the way here. */
const notices: Readonly<Record<string, string>> = {
  "email-confirmed": "Your e-mail address is confirmed. You can sign in now.",
  "password-set": "Your new password is set. Sign in with it; you were signed out everywhere else.",
  "signed-out-everywhere": "You are signed out on every device.",
};

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { return_to, notice, error } = await searchParams;
  const target = returnPath(return_to);
  const refusal = (await refusalOfSession(target)) ?? signInRefusal(one(error));
  const news = notices[one(notice) ?? ""];
  const { PORTICO_DEMO } = runtime().env;
  return (
    <SignInScope target={target}>
      <AuthLayout
        title="Sign in"
        footer={
          <>
            New here? <TextLink href="/sign-up">Create an account</TextLink>
          </>
        }
        aside={PORTICO_DEMO && <DemoAccounts accounts={demoAccounts} password={demoPassword} />}
      >
        <SignInForm
          notice={
            refusal ? <Callout tone="danger">{refusal}</Callout> : news && <Callout tone="success">{news}</Callout>
          }
        />
      </AuthLayout>
    </SignInScope>
  );
}

/** Goes on where somebody is signed in. Who is, but may do nothing (suspended, no account left), is told why. */
async function refusalOfSession(target: string): Promise<string | undefined> {
  const actor = await signedInActor().catch((error: unknown) => {
    if (isAppError(error)) return error.detail;
    throw error;
  });
  if (typeof actor === "string") return actor;
  if (actor) redirect(target);
  return undefined;
}

const one = (value: string | string[] | undefined) => (typeof value === "string" ? value : undefined);
