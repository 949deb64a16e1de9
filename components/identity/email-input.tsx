import { Input, type InputProps } from "@/components/ui/input";

/** The field of an e-mail address: what browsers fill in, and no capital letter or red line from a phone's keyboard. */
export function EmailInput(props: Omit<InputProps, "type">) {
  return <Input {...props} type="email" autoComplete="username" autoCapitalize="none" spellCheck={false} />;
}
