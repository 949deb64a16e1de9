"use client";

import { Check } from "lucide-react";
import Link from "next/link";
import { DropdownMenu as Primitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { floatingItem, floatingPanel } from "@/components/ui/floating-panel";

interface DropdownMenuProps extends Pick<ComponentProps<typeof Primitive.Content>, "align" | "side" | "className"> {
  /** One button. An `IconButton` takes `tooltip={false}` here. */
  trigger: ReactNode;
  children: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

export function DropdownMenu(props: DropdownMenuProps) {
  const { trigger, children, open, onOpenChange, align = "end", side = "bottom", className } = props;
  return (
    <Primitive.Root modal={false} {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className={cn(floatingPanel, "min-w-44 p-1", className)}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

type MenuItemProps = Omit<ComponentProps<typeof Primitive.Item>, "asChild"> & {
  icon?: ReactNode;
  tone?: "neutral" | "danger";
  /** Makes the item a link. */
  href?: string;
  shortcut?: ReactNode;
};

export function MenuItem({ icon, tone = "neutral", href, shortcut, className, children, ...props }: MenuItemProps) {
  const style = cn(
    floatingItem,
    tone === "danger" ? "text-danger-ink data-[highlighted]:bg-danger-soft" : "[&_svg]:text-ink-faint",
    className,
  );
  const content = (
    <>
      {icon}
      <span className="grow truncate">{children}</span>
      {shortcut && <span className="text-ink-faint text-xs">{shortcut}</span>}
    </>
  );
  if (href === undefined) {
    return (
      <Primitive.Item {...props} className={style}>
        {content}
      </Primitive.Item>
    );
  }
  return (
    <Primitive.Item {...props} asChild className={style}>
      <Link href={href}>{content}</Link>
    </Primitive.Item>
  );
}

/** One of several, inside a menu: the current account, a sort order. */
export function MenuChoice<T extends string>(props: {
  options: readonly { value: T; label: ReactNode; icon?: ReactNode }[];
  value: T;
  onValueChange: (value: T) => void;
}) {
  return (
    <Primitive.RadioGroup value={props.value} onValueChange={(value) => props.onValueChange(value as T)}>
      {props.options.map((option) => (
        <Primitive.RadioItem key={option.value} value={option.value} className={cn(floatingItem, "pr-8")}>
          {option.icon}
          <span className="grow truncate">{option.label}</span>
          <Primitive.ItemIndicator className="absolute right-2 text-accent-ink">
            <Check aria-hidden="true" />
          </Primitive.ItemIndicator>
        </Primitive.RadioItem>
      ))}
    </Primitive.RadioGroup>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Primitive.Label className="px-2 py-1.5 text-ink-faint text-xs">{children}</Primitive.Label>;
}

export function MenuSeparator() {
  return <Primitive.Separator className="-mx-1 my-1 h-px bg-line" />;
}
