"use client";

import type { FieldValues, Path, UseFormReturn } from "react-hook-form";
import type { CorsPart } from "@/components/policies/cors-form";
import { CheckField, TagField } from "@/components/portal/form-fields";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

interface CorsFieldsProps<V extends FieldValues> {
  form: Pick<UseFormReturn<V>, "control" | "register">;
  field: (name: Path<V>) => { label: string; error: string | undefined };
  /** Where the form holds a part of it: `cors.max_age`. */
  at: (part: CorsPart) => Path<V>;
}

/** Who may call from a browser, of a gateway and of a policy alike. */
export function CorsFields<V extends FieldValues>({ form: { control, register }, field, at }: CorsFieldsProps<V>) {
  const tags = (part: CorsPart) => ({ control, name: at(part), ...field(at(part)) });
  const credentials = field(at("allow_credentials"));
  return (
    <>
      <TagField
        {...tags("allowed_origins")}
        required
        placeholder="https://app.customer.com"
        hint="Scheme and host of the pages, without a path. * lets every page in."
      />
      <TagField {...tags("allowed_methods")} required />
      <TagField {...tags("allowed_headers")} optional />
      <TagField {...tags("exposed_headers")} optional placeholder="X-RateLimit-Remaining" />
      <CheckField
        control={control}
        name={at("allow_credentials")}
        label={credentials.label}
        error={credentials.error}
        hint="Pages may send cookies along. Only with named origins."
      />
      <Field {...field(at("max_age"))} hint="How long a browser need not ask again. At most 86,400 s, a day.">
        <Input
          inputMode="numeric"
          trailing={<span className="pr-1.5">s</span>}
          className="max-w-40"
          {...register(at("max_age"))}
        />
      </Field>
    </>
  );
}
