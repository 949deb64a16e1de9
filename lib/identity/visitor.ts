/** Somebody who has not said who they are, as the edge saw them. */
export interface Visitor {
  now: Date;
  requestId: string;
  ipAddress: string;
  userAgent: string | null;
  /** The host name asked for; it chooses the tenant of a sign-up and nothing else. */
  host: string;
}
