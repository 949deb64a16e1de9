import type { NewMail } from "#lib/notifications/queue-mail";
import { runtime } from "#lib/platform/runtime";

/** Links go to where we say we are (PUBLIC_URL), never to where a request says we are. */
const pageUrl = (path: string, query: Record<string, string> = {}) => {
  const search = new URLSearchParams(query).toString();
  return `${runtime().env.PUBLIC_URL}${path}${search && `?${search}`}`;
};

const ending = "If this was not you, ignore this mail; nothing happens.\n";

export function verificationMail(recipient: string, token: string): NewMail {
  return {
    recipient,
    subject: "Confirm your e-mail address",
    text: `Welcome to Portico.\n\nOpen this link within 24 hours to confirm your e-mail address:\n${pageUrl("/verify-email", { token })}\n\n${ending}`,
  };
}

/** Two people may have signed up with one address, and who reads its mail cannot tell whose link this is: so they choose. */
export function finishSignUpMail(recipient: string, token: string): NewMail {
  return {
    recipient,
    subject: "Finish signing up",
    text: `Somebody signed up to Portico with this e-mail address more than once. So that only you know the password, choose it now. Open this link within 24 hours; it confirms the address too:\n${pageUrl("/reset-password", { token })}\n\n${ending}`,
  };
}

export function alreadySignedUpMail(recipient: string): NewMail {
  return {
    recipient,
    subject: "You already have an account",
    text: `Somebody tried to sign up to Portico with this e-mail address, which already has an account.\n\nSign in: ${pageUrl("/sign-in")}\nForgot the password: ${pageUrl("/reset-password")}\n\n${ending}`,
  };
}

export function passwordResetMail(recipient: string, token: string): NewMail {
  return {
    recipient,
    subject: "Set a new password",
    text: `Open this link within 15 minutes to set a new password. It works once:\n${pageUrl("/reset-password", { token })}\n\n${ending}`,
  };
}

export function passwordChangedMail(recipient: string): NewMail {
  return {
    recipient,
    subject: "Your password was changed",
    text: `The password of your Portico account was changed, and other sessions were signed out.\n\nIf this was not you, set a new one now: ${pageUrl("/reset-password")}\n`,
  };
}
