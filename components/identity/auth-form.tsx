import type { ComponentProps } from "react";
import { FormAlert } from "@/components/identity/form-alert";

interface AuthFormProps extends ComponentProps<"form"> {
  problem: ComponentProps<typeof FormAlert>["problem"];
  /** A link that helps, below what went wrong. */
  remedy?: ComponentProps<typeof FormAlert>["children"];
}

/**
 * One of the forms around signing in. `post`, because should the browser ever send it by itself, a password must not stand in the
 * address bar; controls as tall as the button.
 */
export function AuthForm({ problem, remedy, children, ...form }: AuthFormProps) {
  return (
    <form
      method="post"
      noValidate
      {...form}
      className="flex flex-col gap-4 pointer-fine:[&_input]:h-10 [&>button]:not-first:mt-2"
    >
      <FormAlert problem={problem}>{remedy}</FormAlert>
      {children}
    </form>
  );
}
