import { type ClientRequest, type IncomingMessage, request } from "node:http";
import type { Env } from "#lib/platform/env";

/** A request to this very process, over the loopback, as anybody else would send it. */
export interface OwnCall {
  method: string;
  /** With the query. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  timeoutMs: number;
  answerBytesMax: number;
}

export interface OwnAnswer {
  status: number;
  headers: [name: string, value: string][];
  body: Buffer;
  /** There was more, or the time was up in the middle. */
  isCut: boolean;
}

/** Rejects with the socket's error, or with a TimeoutError when no head came in time. */
export function callOwnServer(env: Pick<Env, "HOST" | "PORT" | "PUBLIC_URL">, call: OwnCall): Promise<OwnAnswer> {
  const { method, path, headers, body, timeoutMs } = call;
  return new Promise((resolve, reject) => {
    const sent = request({
      ...{ host: ownHost(env.HOST), port: env.PORT, method, path, agent: false },
      headers: { ...headers, host: new URL(env.PUBLIC_URL).host },
      signal: AbortSignal.timeout(timeoutMs),
    });
    sent.once("error", (error) => reject(error.cause instanceof Error ? error.cause : error));
    sent.once("response", (answer) => resolve(read(answer, sent, call.answerBytesMax)));
    sent.end(body);
  });
}

/** Where a process that listens on every address reaches itself. */
const ownHost = (host: string) => (host === "0.0.0.0" || host === "::" ? "localhost" : host);

async function read(answer: IncomingMessage, sent: ClientRequest, bytesMax: number): Promise<OwnAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let isCut = false;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > bytesMax) break;
    }
  } catch {
    isCut = true; // what came before is worth showing
  }
  sent.destroy();
  const body = Buffer.concat(chunks);
  return {
    status: answer.statusCode ?? 0,
    headers: pairs(answer.rawHeaders),
    body: body.subarray(0, bytesMax),
    isCut: isCut || bytes > bytesMax,
  };
}

function pairs(flat: readonly string[]): [string, string][] {
  const list: [string, string][] = [];
  for (let at = 0; at < flat.length; at += 2) list.push([flat[at] ?? "", flat[at + 1] ?? ""]);
  return list;
}
