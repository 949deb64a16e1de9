import type { Metadata } from "next";
import { SignUpForm } from "@/components/identity/sign-up-form";
import { AuthLayout } from "@/components/layout/auth-layout";
import { TextLink } from "@/components/ui/text-link";

export const metadata: Metadata = { title: "Create an account" };
export const dynamic = "force-dynamic";

export default function SignUpPage() {
  return (
    <AuthLayout
      title="Create an account"
      description="For API keys, their limits and their usage."
      footer={
        <>
          You have an account? <TextLink href="/sign-in">Sign in</TextLink>
        </>
      }
    >
      <SignUpForm />
    </AuthLayout>
  );
}
