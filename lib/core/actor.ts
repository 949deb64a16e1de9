import type { Permission, Role } from "#lib/core/permissions";

/** Whoever is asking: a person (session or user JWT), an API key, or the platform itself. */
export interface Actor {
  kind: "user" | "api_key" | "system";
  /** `usr_…`, `key_…` or `system`. */
  id: string;
  tenantId: string;
  /** The account this actor acts for; null for tenant and super admins, who act for the tenant. */
  accountId: string | null;
  role: Role | null;
  permissions: ReadonlySet<Permission>;
  /** What the actor may pass on to a key it creates (rules R5, K10). */
  grants: { read: boolean; write: boolean; admin: boolean };
  /** The restrictions a key passes on to every key it creates; absent for people. */
  bounds?: KeyBounds;
  /** The accounts its rows may belong to: `*` is every account of the tenant, else this account and its customers. */
  reach: "*" | string;
  /** How this request proved who it is. */
  via: "session" | "user_jwt" | "api_key" | "system";
  /** The session behind a person's request. */
  sessionId: string | null;
}

/** A limit as far as others are compared with it (lib/rate-limits). */
interface BoundLimit {
  id: string;
  algorithm: "sliding_window" | "fixed_window" | "token_bucket";
  limit: number;
  windowSeconds: number;
  burst?: number;
  refillPerSecond?: number;
}

/** How a key is restricted beyond its permissions. Empty lists and nulls do not restrict. */
export interface KeyBounds {
  scopes: readonly string[];
  serviceIds: readonly string[] | null;
  allowedIps: readonly string[];
  expiresAt: Date | null;
  /** Its own limits or its account's; empty where it has the installation's defaults. */
  limits: readonly BoundLimit[];
  limitsFrom: "key" | "account" | "installation";
}
