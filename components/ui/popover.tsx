"use client";

import { Popover as Primitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { floatingPanel } from "@/components/ui/floating-panel";

interface PopoverProps extends Pick<ComponentProps<typeof Primitive.Content>, "align" | "side" | "className"> {
  trigger: ReactNode;
  /** Its accessible name. */
  label: string;
  children: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** A small form or explanation beside its trigger. For commands, use `DropdownMenu`. */
export function Popover(props: PopoverProps) {
  const { trigger, label, children, open, onOpenChange, align = "start", side = "bottom", className } = props;
  return (
    <Primitive.Root {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          aria-label={label}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className={cn(floatingPanel, "w-72 p-4 text-sm", className)}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
