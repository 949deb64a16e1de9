import type { Metadata } from "next";
import { isMailOutboxOpen } from "#lib/notifications/list-mail-outbox";
import { CheckMail } from "@/components/identity/check-mail";
import { MailRequestForm } from "@/components/identity/mail-request-form";
import { VerifyEmailForm } from "@/components/identity/verify-email-form";
import { AuthLayout } from "@/components/layout/auth-layout";
import { TextLink } from "@/components/ui/text-link";

interface VerifyEmailPageProps {
  searchParams: Promise<{ token?: string | string[] }>;
}

export const metadata: Metadata = {
  title: "Confirm your e-mail address",
  referrer: "strict-origin", // the token in the address is for nobody else
  robots: { index: false },
};

/** With a token, what the mailed link opens; without, what to do until the mail arrives. */
export default async function VerifyEmailPage({ searchParams }: VerifyEmailPageProps) {
  const { token } = await searchParams;
  const footer = <TextLink href="/sign-in">Back to sign in</TextLink>;
  if (typeof token === "string") {
    return (
      <AuthLayout title="Confirm your e-mail address" description="One press, then you can sign in." footer={footer}>
        <VerifyEmailForm token={token} />
      </AuthLayout>
    );
  }
  return (
    <AuthLayout title="Check your mail" footer={footer}>
      <CheckMail
        before="We mailed a link to"
        after=". Open it within 24 hours to confirm that the address is yours."
        hasOutbox={isMailOutboxOpen()}
      />
      <section className="mt-6 border-line border-t pt-5">
        <h2 className="font-medium">No mail?</h2>
        <p className="mt-1 mb-4 text-ink-soft text-sm">
          It may be among the spam. If the address was wrong, sign up again.
        </p>
        <MailRequestForm mail="confirm-email" submitLabel="Send the mail again" variant="secondary" />
      </section>
    </AuthLayout>
  );
}
