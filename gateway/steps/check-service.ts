import type { Step } from "#gateway/exchange";
import { AppError } from "#lib/core/errors";
import { decide } from "#lib/usage/decision-codes";

/** A service somebody switched off answers nobody (known callers only: strangers need not learn what is off). */
export const checkService: Step = {
  name: "service",
  refusals: [503],
  compile({ isServiceActive, serviceName }) {
    if (isServiceActive) return undefined;
    const refusal = new AppError(
      "UPSTREAM_UNAVAILABLE",
      `The service '${serviceName}' is switched off at the moment.`,
      {
        retryAfterSeconds: 60,
      },
    );
    return ({ trace }) => {
      decide(trace, "service_inactive");
      return refusal;
    };
  },
};
