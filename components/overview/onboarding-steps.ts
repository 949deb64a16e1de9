import type { ApiKey } from "#lib/keys/contract";

export interface OnboardingSteps {
  hasKey: boolean;
  hasCalled: boolean;
}

/** What of the first steps is done, told by the data alone. */
export function onboardingSteps(keys: readonly Pick<ApiKey, "total_requests" | "last_used">[]): OnboardingSteps {
  return {
    hasKey: keys.length > 0,
    hasCalled: keys.some(({ total_requests, last_used }) => total_requests > 0 || last_used !== null),
  };
}
