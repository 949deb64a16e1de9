import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Admission } from "#gateway/admit";
import type { CompiledRoute } from "#gateway/compile";
import type { AppError } from "#lib/core/errors";
import type { VerifiedKey } from "#lib/keys/verify-api-key";
import type { LimitsDecision } from "#lib/rate-limits/consume-limits";

/** One request on its way through the gateway: what is known of it so far. Steps read it and add what they find out. */
export interface Exchange {
  readonly req: IncomingMessage;
  /** Null for an upgrade, which has a bare `socket` instead. */
  readonly res: ServerResponse | null;
  readonly socket: Duplex | null;
  readonly method: string;
  readonly admission: Admission;
  /** The portal's own origin gets stricter answers: a tenant's page there would be the portal's page to a browser. */
  readonly isOnPortal: boolean;
  /** `performance.now()` when it came. */
  readonly startedAtMs: number;
  /** Unix milliseconds, of the same moment. */
  readonly occurredAtMs: number;
  readonly route: CompiledRoute;
  /** Where the part of the path begins that the route's `*` stands for. */
  readonly restAt: number;
  /** lib/usage/decision-codes.ts */
  readonly trace: number[];
  /** Who calls; also set when a known key is refused. */
  key: VerifiedKey | null;
  /** How the caller proved it, so that this is not passed on. */
  credential: "x-api-key" | "authorization" | null;
  /** The decision whose numbers the answer's limit headers show. */
  limits: LimitsDecision | null;
  /** It is taken down exactly once, however it ends. */
  isRecorded: boolean;
}

/** An answer of the gateway's own that is no refusal. */
export interface OwnAnswer {
  readonly status: number;
  readonly headers: readonly string[];
}

/** What a step says: nothing (go on), a refusal, or an answer. Never thrown. */
export type Verdict = AppError | OwnAnswer | undefined;

/** One check of a route, ready to run. Synchronous where it can be: a promise costs every request. */
export type Check = (exchange: Exchange) => Verdict | Promise<Verdict>;

/** One step of the pipeline: what it does for a route, or nothing when the route has no need of it. */
export interface Step {
  readonly name: string;
  /** The statuses it may refuse with, for the docs. */
  readonly refusals: readonly number[];
  compile(route: CompiledRoute): Check | undefined;
}
