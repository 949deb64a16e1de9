import type { IncomingMessage } from "node:http";
import { canonicalPath } from "#gateway/aliases";
import { type ClientOrigin, clientOrigin, type TrustedProxies } from "#gateway/client-address";
import { replaceReservedHeaders } from "#gateway/client-headers";
import { checkFraming } from "#gateway/framing";
import type { Head } from "#gateway/head";
import { readTarget, sentPath, type Target } from "#gateway/request-target";
import { AppError, isAppError } from "#lib/core/errors";
import { newId } from "#lib/core/ids";

/** What the edge knows of a request before anybody handles it. */
export interface Admission {
  readonly requestId: string;
  /** The path as the client wrote it, without the query. */
  readonly path: string;
  /** The path as everybody behind sees it, and the query. Of a refused request: empty. */
  readonly target: Target;
  readonly head: Head;
  readonly origin: ClientOrigin;
  readonly refusal?: AppError | undefined;
}

/** The methods this server answers. */
export const methods: readonly string[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

const wholeServer: Target = { path: "*", query: "" };
const noTarget: Target = { path: "", query: "" };

/** The first thing that happens to every request. Changes nothing about it; a refusal is returned, not thrown. */
export function admit(
  req: IncomingMessage,
  head: Head,
  trusted: TrustedProxies,
  nextRequestId: () => string = () => newId("req"),
): Admission {
  const url = req.url ?? "";
  const target = url === "*" && req.method === "OPTIONS" ? wholeServer : readTarget(url);
  const targetRefusal = isAppError(target) ? target : undefined;
  return {
    requestId: keptRequestId(head.requestId) ?? nextRequestId(),
    path: sentPath(url),
    target: isAppError(target) ? noTarget : target,
    head,
    origin: clientOrigin(req.socket.remoteAddress, head, trusted),
    refusal: checkMethod(req.method) ?? checkFraming(req.httpVersion, head) ?? targetRefusal,
  };
}

/**
 * Makes an admitted request one that the portal can believe: `req.url` is canonical, and `x-forwarded-for|proto|host|port`,
 * `x-real-ip`, `x-request-id` and `x-portico-sent-path` are set by us alone, from the socket or a trusted proxy.
 * `x-forwarded-for` and `x-real-ip` hold exactly one address.
 */
export function dressForPortal(req: IncomingMessage, { requestId, path, target, origin }: Admission): void {
  if (target.path !== "*") req.url = canonicalPath(target.path) + target.query;
  replaceReservedHeaders(req, {
    "x-forwarded-for": origin.address,
    "x-forwarded-proto": origin.proto,
    "x-forwarded-host": origin.host,
    "x-forwarded-port": String(req.socket.localPort ?? ""),
    "x-real-ip": origin.address,
    "x-request-id": requestId,
    "x-portico-sent-path": path,
  });
}

function checkMethod(method: string | undefined): AppError | undefined {
  return method !== undefined && methods.includes(method) ? undefined : methodRefused();
}

/** The 405 of the whole server; single paths refuse with their own list. */
export function methodRefused(): AppError {
  const allow = methods.join(", ");
  return new AppError("METHOD_NOT_ALLOWED", `The methods of this server are ${allow}.`, { headers: { allow } });
}

/** The client's own id if it can be written into logs and headers as it is. */
function keptRequestId(sent: string | undefined): string | undefined {
  return sent !== undefined && /^[A-Za-z0-9._-]{1,128}$/.test(sent) ? sent : undefined;
}
