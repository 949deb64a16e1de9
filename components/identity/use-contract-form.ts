"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useEffect, useState } from "react";
import { type FieldValues, type Path, type PathValue, type UseFormReturn, useForm } from "react-hook-form";
import type { z } from "zod";
import { ApiProblem } from "#lib/http/client";
import {
  divideProblem,
  type FormProblem,
  fieldSentence,
  type Labels,
  phraseIssue,
} from "@/components/identity/form-problem";

type Body<V> = z.ZodType<V, V> & { shape: Record<string, z.ZodType> };

interface Options<V extends FieldValues> {
  /** What the form checks before it sends: the body of a contract. */
  body: Body<V>;
  labels: Labels;
  /** Sends the values. Throws ApiProblem, whose errors are then shown. */
  send: (values: V) => Promise<void>;
  /** A sent form is followed by another page: it stays busy until that is there. */
  leaves?: boolean;
  /** Something else to do about a refusal, such as selecting the password. */
  onRefused?: (problem: ApiProblem, form: UseFormReturn<V, unknown, V>) => void;
}

/**
 * A form over the body of one endpoint. The contract checks it in the browser, the server's errors go to their fields by JSON
 * pointer, and what has no field is `problem`. Inputs keep their values in the DOM: no default values, or what somebody typed
 * (or a password manager filled in) before React was there would be lost.
 */
export function useContractForm<V extends FieldValues>({ body, labels, send, leaves, onRefused }: Options<V>) {
  const form = useForm<V, unknown, V>({ resolver: zodResolver(body, { error: phraseIssue }) });
  const [problem, setProblem] = useState<FormProblem | null>(null);
  const [isSent, setSent] = useState(false);
  const { errors, isSubmitting } = form.formState;

  const refuse = (error: unknown) => {
    if (!(error instanceof ApiProblem)) throw error;
    const divided = divideProblem(error, Object.keys(body.shape), labels);
    for (const [index, { name, detail }] of divided.atFields.entries()) {
      form.setError(name as Path<V>, { message: detail }, { shouldFocus: index === 0 });
    }
    setProblem(divided.above.length > 0 ? divided : null);
    onRefused?.(error, form);
  };
  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    await send(values).then(() => setSent(true), refuse);
  });

  /** What a `Field` of components/ui needs to know about one part of the body. */
  const field = (name: Path<V>) => {
    const label = labels[name] ?? name;
    const detail = errors[name]?.message;
    return { label, error: typeof detail === "string" ? fieldSentence(label, detail) : undefined };
  };
  return { form, field, problem, submit, isPending: isSubmitting || (leaves === true && isSent) };
}

/** Fills a field in, if it is still empty, with what this browser knows and the server could not. */
export function usePrefill<V extends FieldValues>(
  { getValues, setValue }: Pick<UseFormReturn<V, unknown, V>, "getValues" | "setValue">,
  name: Path<V>,
  value: PathValue<V, Path<V>> | null,
): void {
  useEffect(() => {
    if (value && !getValues(name)) setValue(name, value);
  }, [getValues, setValue, name, value]);
}
