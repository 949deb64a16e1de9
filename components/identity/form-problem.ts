import type { FieldError } from "#lib/core/errors";
import type { ApiProblem } from "#lib/http/client";

/** What each part of a body is called on the form: "Password" for `password`. */
export type Labels = Readonly<Record<string, string>>;

/** A refused form, divided into what stands at its fields and what stands above it. */
export interface FormProblem {
  atFields: readonly { name: string; detail: string }[];
  /** Sentences. Empty when every error has a field. */
  above: readonly string[];
  /** What support needs; only where the form itself does not tell what to change. */
  requestId: string | null;
}

/** Divides a problem by the JSON pointers of its errors. `fields` are the names the form has a control for. */
export function divideProblem(problem: ApiProblem, fields: readonly string[], labels: Labels): FormProblem {
  const atFields: { name: string; detail: string }[] = [];
  const above: string[] = [];
  for (const error of problem.fields) {
    const name = nameOf(error);
    if (error.in === "body" && fields.includes(name)) atFields.push({ name, detail: error.detail });
    else above.push(fieldSentence(labels[name] ?? name, error.detail));
  }
  if (problem.fields.length === 0) above.push(problem.message);
  return { atFields, above, requestId: above.length > 0 ? problem.requestId : null };
}

/** "Password" and "must have at least 10 characters" make the sentence. */
export function fieldSentence(label: string, detail: string): string {
  return `${label} ${detail}${/[.!?]$/.test(detail) ? "" : "."}`;
}

/** `#/limits/0/limit` is `limits.0.limit`, as React Hook Form names it (RFC 6901 for the escapes). */
function nameOf({ pointer }: FieldError): string {
  const tokens = pointer.replace(/^#?\//, "").split("/");
  return tokens.map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~")).join(".");
}

interface Issue {
  code: string;
  input?: unknown;
  maximum?: unknown;
  minimum?: unknown;
}

/** Words for the rules of a contract that has none of its own, to follow a label. */
export function phraseIssue(issue: Issue): string | undefined {
  if (issue.input === undefined || issue.input === "") return "is required";
  if (issue.code === "too_small") return `must have at least ${issue.minimum} characters`;
  if (issue.code === "too_big") return `must have at most ${issue.maximum} characters`;
  return undefined;
}
