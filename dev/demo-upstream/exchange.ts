import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

/** One request to the demo upstream, read to its end. */
export interface DemoRequest {
  method: string;
  /** As sent, with its query. */
  target: string;
  /** The path's parts, decoded; a trailing slash adds none. */
  segments: readonly string[];
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What a demo API answers; `body` goes out as JSON, and nothing does where it is undefined. */
export interface DemoAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export type DemoApi = (request: DemoRequest) => DemoAnswer | undefined;

const bodyBytesMax = 64 * 1024 * 1024;

/** Reads a request; null when its body is longer than 64 MiB or its path is no URL's. */
export async function readRequest(request: IncomingMessage): Promise<DemoRequest | null> {
  const { method = "GET", url: target = "/", headers } = request;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) return null;
    chunks.push(chunk);
  }
  const [path = "", ...rest] = target.split("?");
  const segments = decodedSegments(path);
  if (!segments) return null;
  return { method, target, segments, query: new URLSearchParams(rest.join("?")), headers, body: Buffer.concat(chunks) };
}

function decodedSegments(path: string): string[] | null {
  try {
    return path.split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    return null;
  }
}

/** The body as a JSON object; null when it is anything else. */
export function jsonObject({ body }: DemoRequest): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** Whether the method only reads: HEAD is answered as GET, without the body. */
export function isRead({ method }: DemoRequest): boolean {
  return method === "GET" || method === "HEAD";
}
