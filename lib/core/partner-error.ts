import { type ErrorCode, errorCatalogue, type FieldError } from "#lib/core/errors";
import { errorHeaders, toAppError } from "#lib/core/problem";

/** S4's error body. `error` names the kind, `message` is what people read. */
export interface PartnerErrorBody {
  detail: {
    error: string;
    message: string;
    retry_after?: number;
    errors?: readonly FieldError[];
    [member: string]: unknown;
  };
}

export interface PartnerError {
  status: number;
  headers: Record<string, string>;
  body: PartnerErrorBody;
  errorCode: ErrorCode;
}

/** What S4 calls the refusals it knows; others go by their title. */
const reasons: Readonly<Record<number, string>> = { 401: "Unauthorized", 403: "Forbidden", 429: "Too Many Requests" };

/** A 401 does not say what is wrong with the credential in this format, as S4's did not. */
const notAuthenticated = "Could not validate credentials";

/** As `toProblem`, in S4's format: the same refusal, status, headers and further members. */
export function toPartnerError(error: unknown): PartnerError {
  const known = toAppError(error);
  const { status, title } = errorCatalogue[known.code];
  const { partnerMessage, retryAfterSeconds, members, fields } = known.extras;
  return {
    status,
    headers: errorHeaders(known, "application/json"),
    body: {
      detail: {
        error: reasons[status] ?? title,
        message: partnerMessage ?? (status === 401 ? notAuthenticated : known.detail),
        ...(retryAfterSeconds !== undefined && { retry_after: retryAfterSeconds }),
        ...members,
        ...(fields && { errors: fields }),
      },
    },
    errorCode: known.code,
  };
}
