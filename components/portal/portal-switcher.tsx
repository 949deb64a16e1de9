"use client";

import { accountCookie } from "#lib/http/client";
import { AccountSwitcher, type SwitcherAccount } from "@/components/layout/account-switcher";
import { wholeTenant } from "@/components/portal/whole-tenant";

const yearSeconds = 31_536_000;

/** Chooses the account every page and call is for (none: the tenant), then loads the page anew: nothing in memory belongs to the new one. */
function switchTo(id: string) {
  const value = id === wholeTenant ? "; max-age=0" : `${encodeURIComponent(id)}; max-age=${yearSeconds}`;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Safari before 18.4.
  document.cookie = `${accountCookie(window.location.origin)}=${value}; path=/; samesite=lax`;
  window.location.assign("/overview");
}

export function PortalSwitcher(props: { accounts: readonly SwitcherAccount[]; currentId: string }) {
  return <AccountSwitcher {...props} onSwitch={switchTo} />;
}
