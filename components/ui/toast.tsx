"use client";

import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import { Toaster as Sonner, toast } from "sonner";

/** Where toasts appear. Mounted once, by `Providers`. */
export function Toaster() {
  return (
    <Sonner
      position="bottom-right"
      gap={8}
      offset={16}
      closeButton={false}
      icons={{
        success: <CircleCheck aria-hidden="true" className="size-4 text-success-ink" />,
        error: <CircleAlert aria-hidden="true" className="size-4 text-danger-ink" />,
        warning: <TriangleAlert aria-hidden="true" className="size-4 text-warning-ink" />,
        info: <Info aria-hidden="true" className="size-4 text-ink-faint" />,
      }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-(--width) items-start gap-2.5 rounded-md border border-line bg-raised p-3 font-sans text-ink text-sm shadow-md",
          icon: "mt-0.5 flex shrink-0",
          content: "min-w-0 grow",
          title: "font-medium",
          description: "text-ink-soft text-xs",
          actionButton:
            "shrink-0 rounded-xs border border-line-strong bg-surface px-2 py-0.5 font-medium text-xs hover:bg-muted",
        },
      }}
    />
  );
}

interface ToastOptions {
  title: string;
  description?: string;
  tone?: "success" | "danger" | "warning" | "neutral";
  action?: { label: string; onClick: () => void };
}

const emitters = { success: toast.success, danger: toast.error, warning: toast.warning, neutral: toast.info };

/** Says that something happened. Never a secret; never what a form should say at its field. */
export function showToast({ title, description, tone = "success", action }: ToastOptions) {
  emitters[tone](title, { ...(description ? { description } : {}), ...(action ? { action } : {}) });
}
