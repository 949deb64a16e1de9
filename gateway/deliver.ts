import type { AnswerHead } from "#gateway/answer-head";
import type { Exchange } from "#gateway/exchange";
import { answer } from "#gateway/fail";
import { recordExchange } from "#gateway/record-exchange";
import { refuse } from "#gateway/refuse";
import type { Delivery, Outcome } from "#gateway/upstream/forward";
import { decide } from "#lib/usage/decision-codes";

/** What the upstream half of an exchange tells, written into its head, its trace and its record. */
export function deliver(exchange: Exchange, answerHead: AnswerHead): Delivery {
  return {
    head: (_status, headers) => answerHead(exchange, headers),
    ended(outcome) {
      traceOutcome(exchange.trace, outcome);
      if (outcome.status === 101) decide(exchange.trace, "websocket_closed", secondsSince(exchange.startedAtMs));
      if (outcome.kind === "failed" && outcome.error) {
        const refused = refuse(exchange, outcome.error, outcome);
        answer(exchange, refused);
        return refused;
      }
      const { status, error, requestBytes, responseBytes } = outcome;
      return recordExchange(exchange, {
        ...{ status, requestBytes, responseBytes, outcome: outcome.kind },
        errorCode: error?.code ?? null,
        upstream: outcome,
      });
    },
  };
}

const secondsSince = (ms: number) => Math.round((performance.now() - ms) / 1000);

function traceOutcome(trace: number[], { kind, status, error, attempts, upstreamUs, responseBytes }: Outcome): void {
  const milliseconds = Math.round((upstreamUs ?? 0) / 1000);
  if (kind === "failed") {
    if (error?.code === "UPSTREAM_TIMEOUT") decide(trace, "upstream_timed_out", milliseconds, attempts);
    else decide(trace, "upstream_failed", attempts);
    return;
  }
  if (upstreamUs !== null) decide(trace, "upstream_answered", status, milliseconds, attempts);
  if (kind === "broke") decide(trace, "answer_broke_off", responseBytes);
  if (kind === "client_left") decide(trace, "client_left", responseBytes);
}
