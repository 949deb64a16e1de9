"use client";

import { WifiOff } from "lucide-react";
import { useSyncExternalStore } from "react";

function watch(onChange: () => void) {
  const events = ["online", "offline"] as const;
  for (const event of events) window.addEventListener(event, onChange);
  return () => {
    for (const event of events) window.removeEventListener(event, onChange);
  };
}

/** Says that what is shown may be old. Queries wait for the connection and are read again by themselves. */
export function OfflineNotice() {
  const isOnline = useSyncExternalStore(
    watch,
    () => navigator.onLine,
    () => true,
  );
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 bottom-4 z-40 flex justify-center px-4">
      {!isOnline && (
        <p className="flex items-center gap-2 rounded-full border border-warning-line bg-warning-soft px-4 py-2 font-medium text-sm text-warning-ink shadow-md">
          <WifiOff aria-hidden="true" className="size-4 shrink-0" />
          You are offline. What you see may be old.
        </p>
      )}
    </div>
  );
}
