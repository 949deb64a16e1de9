import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { Spinner } from "@/components/ui/spinner";

export const buttonStyle = cva(
  "relative inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-sm font-medium transition-[background-color,border-color,color,box-shadow] duration-100 disabled:cursor-not-allowed disabled:not-aria-busy:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "bg-accent text-on-accent shadow-button not-disabled:hover:bg-accent-strong",
        secondary:
          "border border-line-strong bg-surface text-ink shadow-xs not-disabled:hover:border-line-control not-disabled:hover:bg-muted",
        ghost: "text-ink-soft not-disabled:hover:bg-muted not-disabled:hover:text-ink data-[state=open]:bg-muted",
        danger: "bg-danger text-on-accent shadow-button not-disabled:hover:bg-danger-strong",
        "danger-quiet":
          "border border-line-strong bg-surface text-danger-ink shadow-xs not-disabled:hover:border-danger-line not-disabled:hover:bg-danger-soft",
        link: "rounded-xs text-accent-ink underline-offset-4 hover:underline",
      },
      size: {
        sm: "h-7 px-2.5 text-xs pointer-coarse:h-9",
        md: "h-8 px-3 text-sm pointer-coarse:h-11 pointer-coarse:px-4",
        lg: "h-10 px-4 text-base pointer-coarse:h-11",
      },
      wide: { true: "w-full" },
    },
    compoundVariants: [{ variant: "link", className: "h-auto px-0 pointer-coarse:h-auto pointer-coarse:px-0" }],
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

export type ButtonProps = ComponentProps<"button"> &
  VariantProps<typeof buttonStyle> & {
    /** Renders the only child (a link) with the button's looks. */
    asChild?: boolean;
    /** Shows a spinner over the words, keeps their width and refuses clicks. */
    pending?: boolean | undefined;
    /** Before the words. With `asChild`, put it inside the child. */
    icon?: ReactNode;
  };

/** A verb. One `primary` a page; `danger` only inside the dialog that says the consequence. */
export function Button({ asChild, pending, icon, variant, size, wide, className, children, ...props }: ButtonProps) {
  const style = cn(buttonStyle({ variant, size, wide }), className);
  if (asChild) {
    return (
      <Slot.Root {...props} className={style}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button
      type="button"
      {...props}
      disabled={props.disabled || pending}
      aria-busy={pending || undefined}
      className={style}
    >
      {pending && (
        <span className="absolute inset-0 grid place-items-center">
          <Spinner />
        </span>
      )}
      <span className={cn("inline-flex items-center gap-1.5", pending && "opacity-0")}>
        {icon}
        {children}
      </span>
    </button>
  );
}
