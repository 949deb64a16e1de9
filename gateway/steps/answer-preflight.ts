import { preflightHeaders } from "#gateway/cors";
import type { Step } from "#gateway/exchange";
import { decide } from "#lib/usage/decision-codes";

/** Answers a browser's preflight (Fetch standard, CORS) from the route's or gateway's rules: it carries no credential. */
export const answerPreflight: Step = {
  name: "preflight",
  refusals: [],
  compile({ cors }) {
    if (!cors) return undefined;
    return ({ method, admission: { head }, trace }) => {
      if (method !== "OPTIONS" || head.origin === undefined || head.requestedMethod === undefined) return undefined;
      const headers = preflightHeaders(cors, head.origin);
      decide(trace, headers.length > 2 ? "preflight_allowed" : "preflight_refused");
      return { status: 204, headers };
    };
  },
};
