import type { Metadata } from "next";
import { isMailOutboxOpen } from "#lib/notifications/list-mail-outbox";
import { CheckMail } from "@/components/identity/check-mail";
import { MailRequestForm } from "@/components/identity/mail-request-form";
import { NewPasswordForm } from "@/components/identity/new-password-form";
import { AuthLayout } from "@/components/layout/auth-layout";
import { TextLink } from "@/components/ui/text-link";

interface ResetPasswordPageProps {
  searchParams: Promise<{ token?: string | string[]; sent?: string | string[] }>;
}

export const metadata: Metadata = {
  title: "Reset your password",
  referrer: "strict-origin", // the token in the address is for nobody else
  robots: { index: false },
};

/** Asks for a link, then waits for it, then (opened by the link, with its token) takes the new password. */
export default async function ResetPasswordPage({ searchParams }: ResetPasswordPageProps) {
  const { token, sent } = await searchParams;
  const footer = <TextLink href="/sign-in">Back to sign in</TextLink>;
  if (typeof token === "string") {
    return (
      <AuthLayout title="Set a new password" description="Setting it signs you out everywhere." footer={footer}>
        <NewPasswordForm token={token} />
      </AuthLayout>
    );
  }
  if (sent !== undefined) {
    const again = <TextLink href="/reset-password">Ask for another link</TextLink>;
    return (
      <AuthLayout title="Check your mail" footer={again}>
        <CheckMail
          before="If"
          after=" has an account, a link is on its way. It works once, for 15 minutes."
          hasOutbox={isMailOutboxOpen()}
        />
      </AuthLayout>
    );
  }
  return (
    <AuthLayout title="Reset your password" description="We mail you a link to set a new one." footer={footer}>
      <MailRequestForm mail="reset-password" submitLabel="Mail me a link" next="/reset-password?sent" />
    </AuthLayout>
  );
}
