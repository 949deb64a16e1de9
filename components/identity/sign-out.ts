import { forgetChosenAccount, runAuthAction } from "@/components/identity/next-auth-client";

/**
 * Ends this browser's session and goes to the sign-in page. A full navigation: whatever the page holds in memory belongs to
 * who was signed in. Throws ApiProblem when the server cannot be reached; the person is then still signed in.
 */
export async function signOut(): Promise<void> {
  await runAuthAction("signout", {});
  forgetChosenAccount();
  window.location.assign("/sign-in");
}
