"use client";

import { changePassword } from "#lib/identity/contract";
import { FormAlert } from "@/components/identity/form-alert";
import { useChangePassword } from "@/components/identity/identity.queries";
import { NewPasswordField } from "@/components/identity/password-field";
import { SubmitButton } from "@/components/identity/submit-button";
import { useContractForm } from "@/components/identity/use-contract-form";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/password-input";
import { showToast } from "@/components/ui/toast";

const labels = { current_password: "Current password", new_password: "New password" };

export function ChangePasswordForm({ email }: { email: string }) {
  const change = useChangePassword();
  const { form, field, problem, submit, isPending } = useContractForm<{
    current_password: string;
    new_password: string;
  }>({
    body: changePassword.body,
    labels,
    async send(body) {
      await change.mutateAsync(body);
      form.reset();
      showToast({ title: "Password changed", description: "Your other sessions were signed out." });
    },
  });
  return (
    <Card>
      <CardHeader title="Password" />
      <form method="post" noValidate onSubmit={submit}>
        <CardBody className="flex flex-col gap-4">
          <FormAlert problem={problem} />
          {/* For password managers: whose password this is. */}
          <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
          <div className="flex max-w-96 flex-col gap-4">
            <Field {...field("current_password")} required>
              <PasswordInput {...form.register("current_password")} autoComplete="current-password" />
            </Field>
            <NewPasswordField
              {...field("new_password")}
              {...form.register("new_password")}
              typed={form.watch("new_password") ?? ""}
            />
          </div>
        </CardBody>
        <CardFooter>
          <span>Your other sessions are signed out. API keys go on working.</span>
          <SubmitButton size="sm" pending={isPending}>
            Change password
          </SubmitButton>
        </CardFooter>
      </form>
    </Card>
  );
}
