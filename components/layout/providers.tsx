"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { Tooltip } from "radix-ui";
import { type ReactNode, useState } from "react";
import { Toaster } from "@/components/ui/toast";

const staleTimeMs = 30_000;

function newQueryClient() {
  return new QueryClient({
    defaultOptions: {
      // Pages arrive with their data: asking again on mount would only repeat what the server just read.
      queries: { staleTime: staleTimeMs, retry: 1, refetchOnWindowFocus: true },
      // Offline a change fails at once and says so: held back, it would happen later, when nobody expects it.
      mutations: { retry: false, networkMode: "always" },
    },
  });
}

/** What interactive pages share: the query cache, URL state, tooltips and toasts. Public pages do without. */
export function Providers({ children }: { children: ReactNode }) {
  const [queryClient] = useState(newQueryClient);
  return (
    <NuqsAdapter>
      <QueryClientProvider client={queryClient}>
        <Tooltip.Provider delayDuration={250} skipDelayDuration={200}>
          {children}
        </Tooltip.Provider>
        <Toaster />
      </QueryClientProvider>
    </NuqsAdapter>
  );
}
