import { tryCall } from "#lib/explorer/contract";
import { ApiProblem, call } from "#lib/http/client";

/** A request of Swagger UI, as its HTTP client hands it over. */
export interface ExplorerRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: unknown;
}

const bodiless = [204, 205, 304];

/** Sends a request through the portal, as one of the caller's keys, and gives back the answer as if it had come from there. */
export async function sendTry({ url, method, headers, body }: ExplorerRequest, keyId: string): Promise<Response> {
  const { pathname, search } = new URL(url, window.location.href);
  try {
    const answer = await call(tryCall, {
      body: {
        key_id: keyId,
        method: method.toUpperCase() as "GET",
        path: pathname + search,
        headers,
        ...(typeof body === "string" && { body }),
      },
    });
    const shown = new Headers(answer.headers);
    if (answer.is_cut) shown.set("portico-explorer", "Only the beginning is shown: at most 1 MiB, and 30 s.");
    return new Response(bodiless.includes(answer.status) ? null : bytesOf(answer.body), {
      status: answer.status,
      headers: shown,
    });
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status === 0) throw error;
    return refusal(error);
  }
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** The portal made no call: the key is gone, or the session over. */
function refusal({ status, code, message, requestId }: ApiProblem): Response {
  const body = { status, error_code: code, detail: message, request_id: requestId };
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/problem+json" } });
}
