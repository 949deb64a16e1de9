"use client";

import { useSyncExternalStore } from "react";

const slot = "portico.pending-address";
const never = () => () => undefined;

/** Remembers, for this tab, which address a mail was asked for: an address in a URL would end up in histories and logs. */
export function rememberAddress(email: string): void {
  window.sessionStorage.setItem(slot, email);
}

/** The address this tab asked a mail for; null on the server, and where there is none. */
export function usePendingAddress(): string | null {
  return useSyncExternalStore(
    never,
    () => window.sessionStorage.getItem(slot),
    () => null,
  );
}
