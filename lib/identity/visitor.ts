import type { RequestOrigin } from "#lib/core/request-origin";

/** Somebody who has not said who they are, as the edge saw them. The host chooses the tenant of a sign-up and nothing else. */
export type Visitor = RequestOrigin;
