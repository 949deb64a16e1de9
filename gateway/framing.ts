import { AppError } from "#lib/core/errors";

interface Head {
  httpVersion: string;
  rawHeaders: readonly string[];
}

/**
 * Refuses what Node's parser lets pass although two servers could disagree about where the message ends or whom it is
 * for (RFC 9112 6.1, 6.3, 3.2). The parser itself refuses Content-Length beside Transfer-Encoding, repeated or odd
 * lengths, bare CR or LF and folded lines. The refusal carries `Connection: close`: what follows cannot be trusted.
 */
export function checkFraming({ httpVersion, rawHeaders }: Head): AppError | undefined {
  if (httpVersion !== "1.1" && httpVersion !== "1.0") return refused("Use HTTP/1.1.");
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? "").toLowerCase();
    const value = rawHeaders[at + 1] ?? "";
    if (name === "host") hosts += 1;
    const reason = objection(name, value, httpVersion);
    if (reason) return refused(reason);
  }
  if (hosts > 1) return refused("Send one Host header.");
  if (hosts === 0 && httpVersion === "1.1") return refused("Send a Host header.");
  return undefined;
}

function objection(name: string, value: string, httpVersion: string): string | undefined {
  switch (name) {
    case "host":
      return hostPattern.test(value) ? undefined : "The Host header is not a host name with an optional port.";
    case "transfer-encoding":
      if (httpVersion === "1.0") return "HTTP/1.0 has no Transfer-Encoding.";
      return value.toLowerCase() === "chunked" ? undefined : "The only Transfer-Encoding is chunked.";
    case "content-length":
      return /^\d{1,15}$/.test(value) ? undefined : "The Content-Length is not a length.";
    case "transfer_encoding":
    case "content_length":
      return "Header names that frame the message are written with hyphens.";
    default:
      return undefined;
  }
}

const hostPattern = /^(?:\[[0-9a-f:.]+\]|[a-z0-9._~-]+)(?::\d{1,5})?$/i;

function refused(detail: string): AppError {
  return new AppError("BAD_REQUEST", detail, { headers: { connection: "close" } });
}
