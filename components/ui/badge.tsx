import { cva, type VariantProps } from "class-variance-authority";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

const badgeStyle = cva(
  "inline-flex h-5 w-fit items-center gap-1 whitespace-nowrap rounded-xs border px-1.5 font-medium text-xs",
  {
    variants: {
      tone: {
        neutral: "border-line bg-muted text-ink-soft",
        accent: "border-accent-line bg-accent-soft text-accent-ink",
        success: "border-success-line bg-success-soft text-success-ink",
        warning: "border-warning-line bg-warning-soft text-warning-ink",
        danger: "border-danger-line bg-danger-soft text-danger-ink",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
);

interface BadgeProps extends VariantProps<typeof badgeStyle> {
  children: ReactNode;
  className?: string;
}

/** A short property of a thing (environment, scope, role). For a state, use `StatusChip`. */
export function Badge({ tone, children, className }: BadgeProps) {
  return <span className={cn(badgeStyle({ tone }), className)}>{children}</span>;
}
