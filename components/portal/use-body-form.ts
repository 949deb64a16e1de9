"use client";

import { type FormEvent, useState } from "react";
import { type DefaultValues, type FieldValues, type Path, useForm } from "react-hook-form";
import type { z } from "zod";
import { ApiProblem } from "#lib/http/client";
import type { FormProblem, Labels } from "@/components/identity/form-problem";
import { type Fault, faultsOf, faultsOfBody, placeFaults, problemAbove } from "@/components/portal/body-form-problem";

interface Options<V extends FieldValues, B> {
  /** What the form holds at first, under the names the body has; numbers as the text that was typed. */
  values: V;
  /** Turns what was typed into what is sent. */
  bodyOf: (values: V) => B;
  /** The contract's rules for it, checked before it is sent. */
  schema: z.ZodType;
  /** Which fields the form has, and what they are called; `*` stands for an index. */
  labels: Labels;
  /** Sends it. Throws ApiProblem, whose errors are then shown. */
  send: (body: B, values: V) => Promise<void>;
}

/**
 * A form whose controls are not yet the body it sends (numbers typed as text, switches that open a group). The contract checks
 * the body in the browser, the server's errors go to their fields by JSON pointer, and what has no field is `problem`.
 */
export function useBodyForm<V extends FieldValues, B>({ values, bodyOf, schema, labels, send }: Options<V, B>) {
  const form = useForm<V>({ defaultValues: values as DefaultValues<V> });
  const [problem, setProblem] = useState<FormProblem | null>(null);
  const { formState } = form; // read while rendering, or React Hook Form would not tell of changes

  const place = (faults: readonly Fault[], body: B) => {
    const placed = placeFaults(faults, labels, body);
    for (const [index, { name, detail }] of placed.atFields.entries()) {
      form.setError(name as Path<V>, { message: detail }, { shouldFocus: index === 0 });
    }
    return placed;
  };
  const submit = form.handleSubmit(async (typed) => {
    const body = bodyOf(typed);
    const faults = faultsOfBody(schema, body);
    if (faults.length > 0) {
      const { atFields, above } = place(faults, body);
      setProblem(above.length > 0 ? { atFields, above, requestId: null } : null);
      return;
    }
    setProblem(null);
    try {
      await send(body, typed);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(problemAbove(error, place(faultsOf(error.fields), body)));
    }
  });

  return {
    form,
    problem,
    isPending: formState.isSubmitting,
    onSubmit: (event: FormEvent) => {
      form.clearErrors(); // those of the last attempt, which nothing registered would clear
      void submit(event);
    },
    /** What a `Field` of components/ui needs to know about one part of the body. */
    field: (name: Path<V>) => ({
      label: labels[name.replace(/\.\d+(?=\.|$)/g, ".*")] ?? name,
      error: form.getFieldState(name, formState).error?.message,
    }),
  };
}

/** What a text box means as a number: nothing typed is `undefined`, nonsense is NaN, which no contract takes. */
export function numberOf(text: string): number | undefined {
  return text.trim() === "" ? undefined : Number(text.trim().replaceAll(",", ""));
}

/** A number as it stands in a text box. */
export const textOf = (value: number | null | undefined): string =>
  value === null || value === undefined ? "" : String(value);
