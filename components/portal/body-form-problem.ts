import type { z } from "zod";
import type { FieldError } from "#lib/core/errors";
import type { ApiProblem } from "#lib/http/client";
import type { FormProblem, Labels } from "@/components/identity/form-problem";

/** Something wrong with one part of a body, from the contract in the browser or from the server. */
export interface Fault {
  /** `["limits", 0, "limit"]`. */
  path: readonly (string | number)[];
  detail: string;
}

/** Where faults stand on a form, and what has no field there. */
export interface PlacedFaults {
  atFields: readonly { name: string; detail: string }[];
  above: readonly string[];
}

/** The faults an answer names, by its JSON pointers (RFC 6901). */
export function faultsOf(fields: readonly FieldError[]): Fault[] {
  return fields.map(({ pointer, detail }) => ({
    path: pointer
      .replace(/^#?\//, "")
      .split("/")
      .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"))
      .map((token) => (/^\d+$/.test(token) ? Number(token) : token)),
    detail,
  }));
}

/** The faults the contract finds before anything is sent. */
export function faultsOfBody(schema: z.ZodType, body: unknown): Fault[] {
  const checked = schema.safeParse(body, { error: phraseRule });
  if (checked.success) return [];
  return checked.error.issues.map(({ path: steps, message }) => {
    const path = steps.filter(isStep);
    const value = valueAt(body, path);
    return { path, detail: value === "" || value === undefined ? "is required" : message };
  });
}

const isStep = (step: PropertyKey): step is string | number => typeof step !== "symbol";

/**
 * Finds each fault its field: the labels name the fields, with `*` for any index ("limits.*.limit"). A fault in one entry of a
 * list that is one field (`domains/1`) stands there, with the entry it is about.
 */
export function placeFaults(faults: readonly Fault[], labels: Labels, body: unknown): PlacedFaults {
  const atFields = new Map<string, string>();
  const above: string[] = [];
  for (const { path, detail } of faults) {
    const known = [...path.keys()]
      .map((end) => path.slice(0, path.length - end))
      .find((part) => patternOf(part) in labels);
    if (!known) {
      above.push(sentence(path.join(" "), detail));
      continue;
    }
    const name = known.join(".");
    const entry = known.length < path.length ? valueAt(body, path) : undefined;
    const subject = typeof entry === "string" ? `“${entry}”` : (labels[patternOf(known)] ?? name);
    if (!atFields.has(name)) atFields.set(name, sentence(subject, detail));
  }
  return { atFields: [...atFields].map(([name, detail]) => ({ name, detail })), above };
}

/** What stands above the buttons after a refusal; null when every fault has its field. */
export function problemAbove(problem: ApiProblem, { atFields, above }: PlacedFaults): FormProblem | null {
  const sentences = problem.fields.length === 0 ? [problem.message] : above;
  return sentences.length === 0 ? null : { atFields, above: sentences, requestId: problem.requestId };
}

const patternOf = (path: Fault["path"]) => path.map((step) => (typeof step === "number" ? "*" : step)).join(".");

function valueAt(body: unknown, path: Fault["path"]): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string | number, unknown> | undefined)?.[step], body);
}

/** The words of a rule are the second half of a sentence about the field; those of the server may be a whole one. */
function sentence(subject: string, detail: string): string {
  const text = /^\p{Lu}/u.test(detail) ? detail : `${subject} ${detail}`;
  return `${text}${/[.!?]$/.test(text) ? "" : "."}`;
}

interface Rule {
  code: string;
  origin?: unknown;
  expected?: unknown;
  maximum?: unknown;
  minimum?: unknown;
}

/** Words for the rules of a contract that has none of its own, to follow a label. */
function phraseRule({ code, origin, expected, maximum, minimum }: Rule): string | undefined {
  if (code === "too_small") return atLeast[String(origin)]?.(minimum) ?? `must be at least ${minimum}`;
  if (code === "too_big") return atMost[String(origin)]?.(maximum) ?? `must be at most ${maximum}`;
  if (code === "invalid_type" && ["number", "int"].includes(String(expected))) return "must be a whole number";
  return undefined;
}

const atLeast: Readonly<Record<string, (minimum: unknown) => string>> = {
  string: (minimum) => `must have at least ${minimum} characters`,
  array: () => "needs at least one entry",
};
const atMost: Readonly<Record<string, (maximum: unknown) => string>> = {
  string: (maximum) => `must have at most ${maximum} characters`,
  array: (maximum) => `takes at most ${maximum} entries`,
};
