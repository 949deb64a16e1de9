import type { Head } from "#gateway/head";
import { AppError } from "#lib/core/errors";

/**
 * Refuses what Node's parser lets pass although two servers could disagree about where the message ends or whom it is
 * for (RFC 9112 6.1, 6.3, 3.2). The parser itself refuses Content-Length beside Transfer-Encoding, repeated or odd
 * lengths, bare CR or LF and folded lines. The refusal carries `Connection: close`: what follows cannot be trusted.
 */
export function checkFraming(httpVersion: string, head: Head): AppError | undefined {
  if (httpVersion !== "1.1" && httpVersion !== "1.0") return refused("Use HTTP/1.1.");
  if (head.objection !== undefined) return refused(head.objection);
  if (httpVersion === "1.0" && head.isChunked) return refused("HTTP/1.0 has no Transfer-Encoding.");
  if (head.hosts > 1) return refused("Send one Host header.");
  if (head.hosts === 0 && httpVersion === "1.1") return refused("Send a Host header.");
  return undefined;
}

function refused(detail: string): AppError {
  return new AppError("BAD_REQUEST", detail, { headers: { connection: "close" } });
}
