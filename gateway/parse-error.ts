import { methodRefused } from "#gateway/admit";
import { AppError } from "#lib/core/errors";

/** What node:http adds to the error of its `clientError` event. */
interface ParseError extends Error {
  code?: string;
  bytesParsed?: number;
  rawPacket?: Buffer;
}

/** What to tell the sender of a message that could not be read as HTTP. */
export function describeParseError(error: ParseError): AppError {
  switch (error.code) {
    case "HPE_HEADER_OVERFLOW":
      return new AppError("HEADERS_TOO_LARGE", "Request line and headers may hold 16 KiB together.");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new AppError("BAD_REQUEST", "The headers did not arrive within 10 seconds.");
    case "HPE_INVALID_METHOD":
      return hasMethodToken(error) ? methodRefused() : malformed;
    default:
      return malformed;
  }
}

const malformed = new AppError("BAD_REQUEST", "The message is not well-formed HTTP/1.1.");

/** The path, without the query, if the request line can still be made out; else empty. */
export function pathOfParseError({ rawPacket }: ParseError): string {
  const head = rawPacket?.subarray(0, 2048).toString("latin1") ?? "";
  return /^[A-Z]+ (\/[\x21-\x3e\x40-\x7e]*)/.exec(head)?.[1] ?? "";
}

/** A request line that would be right if we knew its method, as opposed to rubbish or another protocol. */
function hasMethodToken({ rawPacket, bytesParsed = 0 }: ParseError): boolean {
  const text = rawPacket?.toString("latin1") ?? "";
  const lineStart = text.lastIndexOf("\n", bytesParsed) + 1;
  return /^[!#$%&'*+.^_`|~\w-]+ \/\S* HTTP\/1\.[01]\r\n/.test(text.slice(lineStart));
}
