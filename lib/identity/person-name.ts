import { runtime } from "#lib/platform/runtime";

/** The name of a person who is signed in, for their own eyes. */
export async function personName(userId: string): Promise<string> {
  return (await runtime().identity.people.get(userId))?.name ?? "";
}
