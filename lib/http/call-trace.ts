import type { Caller } from "#lib/http/record-call";
import type { LimitsDecision } from "#lib/rate-limits/consume-limits";

export const traceOfLimits = (_caller: Caller, _decision?: LimitsDecision, _error?: unknown): number[] => [];
export const encodeTrace = (trace: readonly number[]): string => trace.join(",");
export const traceOfAnswer = (_request: Request, _error?: unknown): number[] => [];
