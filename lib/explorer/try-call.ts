import type { InputOf } from "#lib/core/endpoint";
import { AppError } from "#lib/core/errors";
import { requireCallablePath } from "#lib/explorer/callable-path";
import type { tryCall as contract, Tried } from "#lib/explorer/contract";
import { passedHeaders, shownHeaders } from "#lib/explorer/passed-headers";
import { signToken } from "#lib/identity/tokens";
import { borrowApiKey } from "#lib/keys/borrow-api-key";
import { type Authorized, authorize } from "#lib/platform/context";
import { inTenant } from "#lib/platform/db";
import { callOwnServer, type OwnAnswer } from "#lib/platform/own-server";
import { runtime } from "#lib/platform/runtime";

const credentialLifetimeSeconds = 15 * 60;
const timeoutMs = 30_000;
const answerBytesMax = 1024 * 1024;

/**
 * Makes a call of this portal as a key of the caller's, and answers what came back. The browser never holds a key: the call is
 * signed here, by a credential that stands for the key and is refused when the key would be (rules R12). Throws what
 * `borrowApiKey` throws, VALIDATION_FAILED for a path that no key is for, UPSTREAM_TIMEOUT, UPSTREAM_UNAVAILABLE.
 */
export async function tryCall(
  ctx: Authorized<"keys:read">,
  { key_id: keyId, method, path, headers = {}, body }: InputOf<typeof contract>["body"],
): Promise<Tried> {
  requireCallablePath(path);
  const credential = await credentialFor(ctx, keyId);
  const answer = await callOwnServer(runtime().env, {
    ...{ method, path, body, timeoutMs, answerBytesMax },
    headers: {
      ...passedHeaders(headers),
      ...(ctx.userAgent !== null && { "user-agent": ctx.userAgent }),
      ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
      "accept-encoding": "identity",
      "x-api-key": credential,
    },
  }).catch(unreachable);
  return shown(answer);
}

async function credentialFor(ctx: Authorized<"keys:read">, reference: string): Promise<string> {
  const { actor, now, ipAddress } = ctx;
  const { keyId, accountId, generation } = await inTenant(actor, (db) =>
    borrowApiKey(authorize({ ...ctx, db }, "keys:read"), reference),
  );
  const claims = { subject: accountId, keyId, generation, userId: actor.id, ipAddress };
  return signToken("explorer", claims, credentialLifetimeSeconds, now);
}

function shown({ status, headers, body, isCut }: OwnAnswer): Tried {
  return { status, headers: shownHeaders(headers), body: body.toString("base64"), is_cut: isCut };
}

function unreachable(cause: Error): never {
  if (cause.name === "TimeoutError")
    throw new AppError("UPSTREAM_TIMEOUT", "The call was not answered within 30 seconds.", { cause });
  // In words: the bare error of a socket would read as the database's.
  const told = new Error(`A call to this server itself failed: ${cause.message}`);
  throw new AppError("UPSTREAM_UNAVAILABLE", "The call could not be made.", { cause: told, retryAfterSeconds: 1 });
}
