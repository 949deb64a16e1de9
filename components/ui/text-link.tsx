import Link from "next/link";
import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

/** A link inside a sentence: underlined, because colour alone is no sign. */
export function TextLink({ className, ...props }: ComponentProps<typeof Link>) {
  return (
    <Link
      {...props}
      className={cn(
        "rounded-xs text-accent-ink underline decoration-accent-line underline-offset-4 hover:decoration-accent-ink",
        className,
      )}
    />
  );
}
