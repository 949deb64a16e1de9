"use client";

import { useRouter } from "next/navigation";
import { startTransition } from "react";
import { ErrorState } from "@/components/ui/error-state";

/** A page that failed on the server; the frame around it stands. The digest is what the server logged. */
export default function PortalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const router = useRouter();
  const retry = () =>
    startTransition(() => {
      router.refresh(); // the failure was the server's: rendering the same answer again would fail again
      reset();
    });
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-6 lg:py-8">
      <ErrorState level={1} title="This page could not be shown" requestId={error.digest} onRetry={retry}>
        The server failed while it read the page. Nothing was changed; the navigation still works.
      </ErrorState>
    </div>
  );
}
