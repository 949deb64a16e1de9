import type { z } from "zod";
import type { ErrorCode } from "#lib/core/errors";
import type { Permission } from "#lib/core/permissions";

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One HTTP operation, declared once. Validation, authorization, OpenAPI, client and docs all read it. */
export interface Endpoint {
  operationId: string;
  method: HttpMethod;
  path: `/${string}`;
  tag: string;
  summary: string;
  description?: string;
  /** What the caller must be allowed to do; `public` endpoints authenticate nobody. */
  permission: Permission | "public";
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  success: { status: 200 | 201 | 202; schema: z.ZodType } | { status: 204 };
  errors?: readonly ErrorCode[];
  /** Members of the answer that are shown once: never stored for an idempotent replay, never cached. */
  secretFields?: readonly string[];
  /** `own`: the function opens its transactions itself, because it takes its time in between; it is given no `db`. */
  transaction?: "own";
  /** False where a stored answer would be a stored credential (`/auth/*`). POST only; default true. */
  idempotent?: boolean;
  /**
   * The call of one page of ours, no operation of the API: only the portal's cookie opens it, and it is not recorded as usage. It
   * is in no list of endpoints, and no middleware stands before it.
   */
  isOfPage?: true;
  /** It answers with a table (`lib/core/csv.ts`) when `format=csv` asks for one. */
  alsoCsv?: true;
  /** How its refusals are written; default `problem`. `partner` is S4's nested detail. */
  errorFormat?: ErrorFormat;
}

/** RFC 9457, or S4's `{"detail": {"error", "message"}}`. */
export type ErrorFormat = "problem" | "partner";

/** Declares an endpoint, keeping its literal types. */
export function endpoint<const E extends Endpoint>(declaration: E): E {
  return declaration;
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
type Sent<S> = S extends z.ZodType ? z.input<S> : undefined;

/** What a handler receives: every part already validated, typed from the schema that validated it. */
export interface InputOf<E extends Endpoint> {
  params: Parsed<E["params"]>;
  query: Parsed<E["query"]>;
  body: Parsed<E["body"]>;
}

/** What a client sends; parts the endpoint does not declare are not accepted. */
export type RequestOf<E extends Endpoint> = {
  [Part in "params" | "query" | "body" as E[Part] extends z.ZodType ? Part : never]: Sent<E[Part]>;
};

/** What a client receives; nothing where the success is 204. */
export type OutputOf<E extends Endpoint> = E["success"] extends { schema: infer S extends z.ZodType }
  ? z.output<S>
  : // biome-ignore lint/suspicious/noConfusingVoidType: it is what an async function without a result returns.
    void;
