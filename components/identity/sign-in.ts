import type { ErrorCode } from "#lib/core/errors";
import { ApiProblem } from "#lib/http/client";
import { signInRefusals } from "#lib/identity/contract";
import { forgetChosenAccount, runAuthAction } from "@/components/identity/next-auth-client";

/** What a sign-in that was refused for a reason we have no words for says. */
const unexplained = "Signing in failed. Try again.";

/** The sentence for a code that next-auth shows as `?error=`; undefined for none. */
export function signInRefusal(code: string | undefined): string | undefined {
  if (code === undefined) return undefined;
  return Object.hasOwn(signInRefusals, code) ? signInRefusals[code] : unexplained;
}

/** Starts a session in this browser. Throws ApiProblem with one of the codes of `signInRefusals`. */
export async function signIn(credentials: { email: string; password: string }): Promise<void> {
  const code = (await runAuthAction("callback/credentials", credentials)).searchParams.get("error");
  if (code !== null) {
    throw new ApiProblem({ status: 401, code: code as ErrorCode, detail: signInRefusal(code) ?? unexplained });
  }
  forgetChosenAccount();
}
