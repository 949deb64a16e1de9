import type { ComponentProps } from "react";
import { FormAlert } from "@/components/identity/form-alert";

interface AuthFormProps extends ComponentProps<"form"> {
  problem: ComponentProps<typeof FormAlert>["problem"];
  /** A link that helps, below what went wrong. */
  remedy?: ComponentProps<typeof FormAlert>["children"];
}

/**
 * One of the forms around signing in. `post`, because a form sent before React is there would otherwise put the password into the
 * address bar; controls as tall as the button.
 */
export function AuthForm({ problem, remedy, children, ...form }: AuthFormProps) {
  return (
    <form method="post" noValidate {...form} className="flex flex-col gap-4 pointer-fine:[&_input]:h-10">
      <FormAlert problem={problem}>{remedy}</FormAlert>
      {children}
    </form>
  );
}
