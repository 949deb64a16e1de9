import type { PublishedRoute } from "#lib/catalog/repository";
import type { AuthenticationConfiguration, CredentialKind } from "#lib/policies/contract";

/** What a route takes where no policy says otherwise. */
const defaultCredentials: readonly CredentialKind[] = ["api_key", "partner_token"];

/** The credentials that open a route. */
export function credentialsOf({ policies }: PublishedRoute): CredentialKind[] {
  const configuration = policies[0]?.policy.configuration as AuthenticationConfiguration | undefined;
  return [...(configuration?.accept ?? defaultCredentials)];
}
