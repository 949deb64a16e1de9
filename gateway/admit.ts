import type { IncomingMessage } from "node:http";
import { canonicalPath } from "#gateway/aliases";
import { clientOrigin, type TrustedProxies } from "#gateway/client-address";
import { replaceReservedHeaders } from "#gateway/client-headers";
import { checkFraming } from "#gateway/framing";
import { readTarget, sentPath } from "#gateway/request-target";
import { AppError, isAppError } from "#lib/core/errors";
import { newId } from "#lib/core/ids";

/** What the edge knows of a request before anybody handles it. */
export interface Admission {
  requestId: string;
  /** The path as the client wrote it, without the query. */
  path: string;
  refusal?: AppError | undefined;
}

/** The methods this server answers. */
export const methods: readonly string[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/**
 * The first thing that happens to every request. Afterwards `req` can be believed: `req.url` is canonical, and
 * `x-forwarded-for|proto|host|port`, `x-real-ip`, `x-request-id` and `x-portico-sent-path` are set by us alone, from the
 * socket or a trusted proxy. `x-forwarded-for` and `x-real-ip` hold exactly one address. A refusal is returned, not thrown.
 */
export function admit(req: IncomingMessage, trusted: TrustedProxies): Admission {
  const requestId = keptRequestId(req.headers["x-request-id"]) ?? newId("req");
  const url = req.url ?? "";
  const path = sentPath(url);
  const origin = clientOrigin(req, trusted);
  replaceReservedHeaders(req, {
    "x-forwarded-for": origin.address,
    "x-forwarded-proto": origin.proto,
    "x-forwarded-host": origin.host,
    "x-forwarded-port": String(req.socket.localPort ?? ""),
    "x-real-ip": origin.address,
    "x-request-id": requestId,
    "x-portico-sent-path": path,
  });
  return { requestId, path, refusal: checkMethod(req.method) ?? checkFraming(req) ?? admitTarget(req, url) };
}

function admitTarget(req: IncomingMessage, url: string): AppError | undefined {
  if (url === "*" && req.method === "OPTIONS") return undefined;
  const target = readTarget(url);
  if (isAppError(target)) return target;
  req.url = canonicalPath(target.path) + target.query;
  return undefined;
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
function keptRequestId(sent: string | string[] | undefined): string | undefined {
  return typeof sent === "string" && /^[A-Za-z0-9._-]{1,128}$/.test(sent) ? sent : undefined;
}
