import { z } from "zod";
import type { Endpoint, InputOf } from "#lib/core/endpoint";
import { AppError, type FieldError, notFound } from "#lib/core/errors";

const bodyBytesMax = 1024 * 1024;

/**
 * Reads and validates every declared part of a request. What the contract does not name is refused. The body is counted while
 * it is read: Content-Length is a claim. Also returns the raw body, which idempotency compares, and counts what was received.
 */
export async function readInput<E extends Endpoint>(
  endpoint: E,
  request: Request,
  params: Record<string, string>,
  received: { requestBytes: number },
): Promise<{ input: InputOf<E>; rawBody: string }> {
  if (endpoint.params && !endpoint.params.safeParse(params).success) throw notFound("resource"); // as if it had never existed
  const rawBody = endpoint.body || hasBody(request) ? await readBody(request, received) : "";
  const sent = { path: params, query: queryOf(request), body: parseBody(endpoint, request, rawBody) };
  const parsed = z
    .object({
      path: endpoint.params ?? z.unknown(),
      query: endpoint.query ?? z.strictObject({}),
      body: endpoint.body ?? z.undefined("takes no body"),
    })
    .safeParse(sent);
  if (parsed.success) {
    const { path, query, body } = parsed.data;
    return { input: { params: path, query, body } as InputOf<E>, rawBody };
  }
  throw new AppError("VALIDATION_FAILED", "Some fields are missing or wrong.", {
    fields: parsed.error.issues.flatMap(fieldErrors),
  });
}

function hasBody(request: Request): boolean {
  return request.body !== null && request.method !== "GET" && request.method !== "HEAD";
}

async function readBody(request: Request, received: { requestBytes: number }): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > bodyBytesMax) throw tooLarge();
  const chunks: Uint8Array[] = [];
  for await (const chunk of chunksOf(request)) {
    received.requestBytes += chunk.byteLength;
    if (received.requestBytes > bodyBytesMax) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new AppError("BAD_REQUEST", "The body is not valid UTF-8.");
  }
}

/** A client that goes away in the middle of its body sent a bad request, whatever the socket calls it. */
async function* chunksOf(request: Request): AsyncGenerator<Uint8Array> {
  try {
    yield* request.body ?? [];
  } catch (cause) {
    throw new AppError("BAD_REQUEST", "The body ended before it was complete.", { cause });
  }
}

function tooLarge(): AppError {
  return new AppError("PAYLOAD_TOO_LARGE", "The body is larger than 1 MiB.", { headers: { connection: "close" } });
}

function parseBody(endpoint: Endpoint, request: Request, raw: string): unknown {
  if (raw === "") return undefined;
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/(json|[\w.+-]+\+json)\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(type)) {
    throw new AppError("UNSUPPORTED_MEDIA_TYPE", `Send the body of ${endpoint.operationId} as application/json.`);
  }
  try {
    return JSON.parse(raw);
  } catch {
    throw new AppError("BAD_REQUEST", "The body is not valid JSON.");
  }
}

/** A parameter given twice is shown to its schema as a list, which refuses it: nobody should guess which one counts. */
function queryOf(request: Request): Record<string, unknown> {
  const search = new URL(request.url).searchParams;
  const names = new Set(search.keys());
  return Object.fromEntries(
    [...names].map((name) => {
      const values = search.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const [part, ...rest] = issue.path;
  const names = issue.code === "unrecognized_keys" ? issue.keys : [undefined];
  return names.map((name) => ({
    in: part as FieldError["in"],
    pointer: `#/${[...rest, ...(name === undefined ? [] : [name])].map((step) => String(step).replaceAll("~", "~0").replaceAll("/", "~1").slice(0, 100)).join("/")}`,
    detail: name === undefined ? issue.message : "is not a field of this operation",
  }));
}
