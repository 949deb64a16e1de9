"use client";

import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { CloseCross, DialogFooter, overlayStyle } from "@/components/ui/dialog";

const sides = {
  left: "left-0 border-r data-[state=open]:animate-slide-left-in data-[state=closed]:animate-slide-left-out",
  right: "right-0 border-l data-[state=open]:animate-slide-right-in data-[state=closed]:animate-slide-right-out",
};

const widths = { sm: "w-[min(20rem,calc(100vw-3rem))]", md: "w-[min(32rem,100vw)]", lg: "w-[min(48rem,100vw)]" };

export interface SheetProps {
  title: string;
  /** The title exists for screen readers only. */
  titleHidden?: boolean;
  description?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
  trigger?: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  side?: keyof typeof sides;
  size?: keyof typeof widths;
  /** What gets the focus once it is closed, where no trigger opened it. */
  returnFocusTo?: () => HTMLElement | null;
}

/** A panel at the side, for details that belong to the page behind it. */
export function Sheet(props: SheetProps) {
  const { title, titleHidden, description, children, footer, trigger, open, onOpenChange } = props;
  const { side = "right", size = "md", returnFocusTo } = props;
  return (
    <Primitive.Root {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      {trigger && <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>}
      <Primitive.Portal>
        <Primitive.Overlay className={overlayStyle} />
        <Primitive.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          onCloseAutoFocus={(event) => {
            const target = returnFocusTo?.();
            if (!target) return;
            event.preventDefault();
            target.focus();
          }}
          className={cn(
            "fixed inset-y-0 z-50 flex flex-col border-line bg-raised shadow-lg",
            sides[side],
            widths[size],
          )}
        >
          <header className={cn("flex flex-col gap-1 border-line border-b px-5 py-3 pr-14", titleHidden && "sr-only")}>
            <Primitive.Title className="font-semibold text-lg">{title}</Primitive.Title>
            {description && (
              <Primitive.Description className="text-ink-soft text-sm">{description}</Primitive.Description>
            )}
          </header>
          <div className="min-h-0 grow overflow-y-auto p-5">{children}</div>
          {footer && <DialogFooter>{footer}</DialogFooter>}
          <CloseCross />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
