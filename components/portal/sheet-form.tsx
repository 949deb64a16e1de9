"use client";

import { type FormEvent, type ReactNode, useId } from "react";
import { FormAlert } from "@/components/identity/form-alert";
import type { FormProblem } from "@/components/identity/form-problem";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Sheet } from "@/components/ui/sheet";

interface SheetFormProps {
  title: string;
  description?: ReactNode;
  /** The verb with its object: "Create service". */
  submitLabel: string;
  open: boolean;
  onClose: () => void;
  onSubmit: (event: FormEvent) => void;
  isPending: boolean;
  problem: FormProblem | null;
  /** A dialog where there are a few fields, a sheet for longer forms. */
  as?: "sheet" | "dialog";
  children: ReactNode;
}

/** A form over the page it belongs to, with the ways out below it. */
export function SheetForm(props: SheetFormProps) {
  const { title, description, submitLabel, open, onClose, onSubmit, isPending, problem, as = "sheet" } = props;
  const formId = useId();
  const Frame = as === "sheet" ? Sheet : Dialog;
  return (
    <Frame
      title={title}
      description={description}
      size="md"
      open={open}
      onOpenChange={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" pending={isPending}>
            {submitLabel}
          </Button>
        </>
      }
    >
      <form id={formId} noValidate onSubmit={onSubmit} className="flex flex-col gap-5">
        {props.children}
        <FormAlert problem={problem} />
      </form>
    </Frame>
  );
}

/** Parts of a form that belong together, under one heading. */
export function FieldGroup({ legend, hint, children }: { legend: string; hint?: ReactNode; children: ReactNode }) {
  return (
    <fieldset className="flex flex-col gap-3 border-line border-t pt-4">
      <legend className="float-left w-full font-medium text-sm">{legend}</legend>
      {hint && <p className="clear-both -mt-2 text-ink-soft text-xs">{hint}</p>}
      {children}
    </fieldset>
  );
}
