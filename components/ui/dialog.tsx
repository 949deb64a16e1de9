"use client";

import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export const overlayStyle =
  "fixed inset-0 z-40 bg-scrim data-[state=closed]:animate-fade-out data-[state=open]:animate-fade-in";

/** Centred from 640 px; below, a sheet that rises from the bottom edge, within reach of a thumb. */
export const dialogStyle =
  "fixed inset-x-0 bottom-0 z-50 flex max-h-[92dvh] flex-col overflow-hidden rounded-t-lg border border-line bg-raised shadow-lg data-[state=closed]:animate-rise-out data-[state=open]:animate-rise-in sm:inset-x-0 sm:top-[12dvh] sm:bottom-auto sm:mx-auto sm:max-h-[80dvh] sm:w-[calc(100%-2rem)] sm:rounded-lg";

/** What scrolls between the title and the buttons. Its parts keep their height: a frame that hides its overflow would shrink. */
export const scrolledStyle = "flex min-h-0 flex-col gap-4 overflow-y-auto px-5 pb-5 *:shrink-0";

const widths = { sm: "sm:max-w-md", md: "sm:max-w-lg", lg: "sm:max-w-2xl" };

export interface DialogProps {
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons, the main one last. */
  footer?: ReactNode;
  /** One focusable element; focus returns to it. */
  trigger?: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  size?: keyof typeof widths;
  /** False while closing would lose something (a secret not yet copied): no ×, no Esc, no click outside. */
  dismissible?: boolean;
}

export function Dialog(props: DialogProps) {
  const { title, description, children, footer, trigger, open, onOpenChange, size = "sm", dismissible = true } = props;
  const guard = dismissible ? undefined : (event: Event) => event.preventDefault();
  return (
    <Primitive.Root {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      {trigger && <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>}
      <Primitive.Portal>
        <Primitive.Overlay className={overlayStyle} />
        <Primitive.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          {...(guard ? { onEscapeKeyDown: guard, onInteractOutside: guard } : {})}
          className={cn(dialogStyle, widths[size])}
        >
          <header className="flex flex-col gap-1 px-5 pt-4 pr-12 pb-3">
            <Primitive.Title className="font-semibold text-lg">{title}</Primitive.Title>
            {description && (
              <Primitive.Description className="text-ink-soft text-sm">{description}</Primitive.Description>
            )}
          </header>
          {children && <div className={cn(scrolledStyle, "pt-1")}>{children}</div>}
          {footer && <DialogFooter>{footer}</DialogFooter>}
          {dismissible && <CloseCross />}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** The line of buttons below what scrolls. Its submit button names the form above it: `<Button type="submit" form={id}>`. */
export function DialogFooter({ className, ...props }: ComponentProps<"div">) {
  return (
    <div
      {...props}
      className={cn(
        "flex shrink-0 flex-col-reverse gap-2 border-line border-t bg-canvas px-5 py-3 sm:flex-row sm:justify-end",
        className,
      )}
    />
  );
}

export function CloseCross() {
  return (
    <Primitive.Close
      aria-label="Close"
      className="absolute top-3 right-3 grid size-8 place-items-center rounded-sm text-ink-soft hover:bg-muted hover:text-ink pointer-coarse:size-11"
    >
      <X aria-hidden="true" className="size-4" />
    </Primitive.Close>
  );
}
