import type { Exchange } from "#gateway/exchange";
import { refuse } from "#gateway/refuse";
import { errorCatalogue } from "#lib/core/errors";
import { toAppError } from "#lib/core/problem";
import { runtime } from "#lib/platform/runtime";
import { decide } from "#lib/usage/decision-codes";

/** Waits for an answer to be written; what goes wrong with that is a fault of ours. */
export function answer(exchange: Exchange, writing: Promise<void>): void {
  writing.catch((error: unknown) => fail(exchange, error));
}

/** A fault of ours: told to nobody but the log. */
export function fail(exchange: Exchange, error: unknown): void {
  const { admission, res, socket } = exchange;
  const at = { request_id: admission.requestId, path: admission.path };
  runtime().logger.error({ err: error, ...at }, "a gateway request failed");
  if (res?.headersSent) {
    res.destroy();
    return;
  }
  const said = toAppError(error);
  decide(exchange.trace, "failed", errorCatalogue[said.code].status);
  refuse(exchange, said).catch(() => (res ?? socket)?.destroy());
}
