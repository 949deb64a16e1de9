import type { ErrorFormat } from "#lib/core/endpoint";
import type { ErrorCode } from "#lib/core/errors";
import { type PartnerErrorBody, toPartnerError } from "#lib/core/partner-error";
import { type Occurrence, type ProblemBody, toProblem } from "#lib/core/problem";

/** A refusal, ready to be sent. */
export interface ErrorAnswer {
  status: number;
  headers: Record<string, string>;
  body: ProblemBody | PartnerErrorBody;
  errorCode: ErrorCode;
}

/** Writes any thrown value in the format the path speaks. */
export function toErrorAnswer(format: ErrorFormat, error: unknown, at: Occurrence): ErrorAnswer {
  if (format === "partner") return toPartnerError(error);
  const problem = toProblem(error, at);
  return { ...problem, errorCode: problem.body.error_code };
}
