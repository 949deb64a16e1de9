import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { Tooltip } from "@/components/ui/tooltip";

const iconButtonStyle = cva(
  "inline-grid shrink-0 place-items-center rounded-sm transition-colors disabled:cursor-not-allowed disabled:opacity-50 [&_svg]:size-4",
  {
    variants: {
      variant: {
        ghost:
          "text-ink-soft not-disabled:hover:bg-muted not-disabled:hover:text-ink data-[state=open]:bg-muted data-[state=open]:text-ink",
        secondary:
          "border border-line-strong bg-surface text-ink-soft shadow-xs not-disabled:hover:bg-muted not-disabled:hover:text-ink",
      },
      size: { sm: "size-7 pointer-coarse:size-9", md: "size-8 pointer-coarse:size-11" },
    },
    defaultVariants: { variant: "ghost", size: "md" },
  },
);

export type IconButtonProps = Omit<ComponentProps<"button">, "children"> &
  VariantProps<typeof iconButtonStyle> & {
    /** What it does, as a verb: its accessible name and its tooltip. */
    label: string;
    icon: ReactNode;
    /** False where the button opens a menu: two floating things would fight. */
    tooltip?: boolean;
  };

export function IconButton({ label, icon, tooltip = true, variant, size, className, ...props }: IconButtonProps) {
  const button = (
    <button type="button" aria-label={label} {...props} className={cn(iconButtonStyle({ variant, size }), className)}>
      {icon}
    </button>
  );
  return tooltip ? <Tooltip content={label}>{button}</Tooltip> : button;
}
