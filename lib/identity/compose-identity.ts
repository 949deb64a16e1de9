import {
  type AccountState,
  findAccountStates,
  findPeople,
  findSessions,
  findTenantStates,
  type LiveSession,
  type Person,
  type TenantState,
} from "#lib/identity/global-lookups";
import { PasswordHasher } from "#lib/identity/password-hasher";
import { SigningKeys } from "#lib/identity/signing-keys";
import { openMailer } from "#lib/platform/mailer";
import { PushedCache } from "#lib/platform/pushed-cache";
import type { Runtime } from "#lib/platform/runtime";

/** What authentication asks on every request. Changes of kind session, user, account and tenant drop entries. */
export interface IdentityCaches {
  sessions: PushedCache<LiveSession>;
  /** People with their memberships. */
  people: PushedCache<Person>;
  accounts: PushedCache<AccountState>;
  /** By id, by `host:<name>`, or `default`. */
  tenants: PushedCache<TenantState>;
}

declare module "#lib/platform/runtime" {
  interface Runtime {
    identity: IdentityCaches;
  }
}

type Needs = Pick<Runtime, "env" | "postgres" | "changes">;

/** Opens this domain's part of the runtime. Makes the first signing key of a database that has none. */
export async function openIdentity({
  env,
  postgres,
  changes,
}: Needs): Promise<Pick<Runtime, "identity" | "signingKeys" | "passwords" | "mailer">> {
  return {
    identity: {
      sessions: new PushedCache(changes, { kind: "session", load: findSessions, max: 50_000 }),
      people: new PushedCache(changes, { kind: "user", load: findPeople, max: 20_000 }),
      accounts: new PushedCache(changes, { kind: "account", load: findAccountStates, max: 20_000 }),
      tenants: new PushedCache(changes, {
        kind: "tenant",
        load: findTenantStates,
        max: 1_000,
        idOf: (tenant) => tenant.id,
      }),
    },
    signingKeys: await SigningKeys.open({ env, pool: postgres.platform, changes }),
    passwords: new PasswordHasher(),
    mailer: openMailer(env),
  };
}
