import { type Limit, slidingWindow } from "#lib/rate-limits/limit";

/** A person clicking, and a script with a person's token; generous, because each is one somebody who signed in. */
export const personLimits: readonly Limit[] = [slidingWindow(600, 60, "user")];
